from pathlib import Path

import pytest

from tests.fakes import LESSON


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder with one lesson."""
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roof-care.md").write_text(LESSON)
    return tmp_path / "knowledge"
