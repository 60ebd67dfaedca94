"""The exact requests that each version of the prompt leads to: a change of one is seen in review."""

import difflib
import json

import pytest

from tests.engines.claude import golden

RENEW = "If that is meant: python -m tests.engines.claude.golden, and review what it changes."


@pytest.mark.parametrize("version", golden.VERSIONS)
async def test_the_requests_of_a_version_are_those_that_were_reviewed(
    version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "")  # so that what is set is taken back
    now = (await golden.written(version)).splitlines()
    reviewed = golden.file_of(version).read_text(encoding="utf-8").splitlines()
    changes = "\n".join(difflib.unified_diff(reviewed, now, "as reviewed", "now", lineterm=""))
    assert not changes, f"version {version} asks otherwise than was reviewed.\n{changes}\n{RENEW}"


def test_every_version_that_ships_has_its_requests_reviewed() -> None:
    assert [f"{version:04}.md" for version in golden.VERSIONS] == sorted(file.name for file in golden.PROMPTS.iterdir())


@pytest.mark.parametrize("version", golden.VERSIONS)
def test_the_api_takes_the_reviewed_requests_with_few_enough_cache_marks(version: int) -> None:
    reviewed = json.loads(golden.file_of(version).read_text(encoding="utf-8"))
    marks = {name: json.dumps(body).count("cache_control") for name, body in reviewed["requests"].items()}
    assert marks == {
        "an answer from the whole knowledge": 2,
        "an answer from what was found": 1,
        "a follow-up": 1,
        "a rewrite": 2,
        "an answer of a lesser server": 0,
        "a rewrite of a lesser server": 0,
    }
    assert json.dumps(reviewed).count("## Role and voice") == 1
