"""Who COACH_ADMINS names, and who never can be."""

from pathlib import Path

import pytest

from bot.core.messages import LOCAL
from bot.settings import Settings


@pytest.mark.parametrize(
    ("written", "admins"),
    [
        ("", {LOCAL}),  # as if it were not set
        (",", set()),  # nobody
        ("slack:T1/U1", {"slack:T1/U1"}),  # and not this machine
        ("local, slack:T1/U1", {LOCAL, "slack:T1/U1"}),
    ],
)
def test_admins_are_those_named_and_this_machine_where_nobody_is(
    written: str, admins: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COACH_ADMINS", written)
    assert Settings().coach_admins == admins
