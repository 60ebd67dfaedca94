"""What a start says of settings that are wrong: a line for each, and no secret."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.cli import run

MEND = "Mend it in the environment or in .env"
PORT = f"coach: COACH_PORT is 'eighty': Input should be a valid integer, unable to parse string as an integer. {MEND}"
ADMINS = (
    "coach: COACH_ADMINS is 'root': 'root' names nobody; write local, slack:TEAM/USER or teams:TENANT/OBJECT, "
    f"with commas between. {MEND}"
)
TOKEN = f"coach: SLACK_BOT_TOKEN: it has spaces or line breaks in it: copy it once more. {MEND}"
PAGE_USER = ADMINS.replace("root", "web:0123456789abcdef")


def told(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    status = run(arguments)
    out, err = capsys.readouterr()
    assert out == ""
    return status, err.splitlines()


@pytest.mark.parametrize("arguments", [["serve"], ["ask", "What is a van?"]])
@pytest.mark.parametrize(
    ("settings", "lines"),
    [
        ({"COACH_PORT": "eighty"}, [PORT]),
        ({"COACH_PORT": "eighty", "COACH_ADMINS": "root", "SLACK_BOT_TOKEN": "xoxb secret"}, [PORT, ADMINS, TOKEN]),
        ({"COACH_ADMINS": "web:0123456789abcdef"}, [PAGE_USER]),
    ],
)
def test_each_wrong_setting_has_its_line(
    arguments: list[str],
    settings: Mapping[str, str],
    lines: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert told(arguments, capsys) == (2, lines)


@pytest.mark.parametrize("arguments", [["serve"], ["ask", "What is a van?"]])
def test_an_empty_prompts_folder_is_told_as_what_it_is(
    arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACH_KNOWLEDGE_DIR", str(Path("knowledge").absolute()))
    monkeypatch.chdir(tmp_path)
    status, lines = told(arguments, capsys)
    assert status == 2
    assert "no version of the system prompt is live: put one into the prompts folder" in lines[-1]
    assert not [line for line in lines if "store is away" in line]
