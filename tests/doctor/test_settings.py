"""The settings as the doctor reads them: what is right is used, what is wrong is told, nothing stops it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.doctor import settings
from bot.doctor.finding import Finding, State
from bot.doctor.reading import Reading, read
from bot.settings import Settings
from tests.doctor.saying import only, told, worst

BOT, APP = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}
APP_ID = {"TEAMS_APP_ID": "11111111-2222-3333-4444-555555555555"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def reading(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> Reading:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return read()


def problems(monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]) -> list[Finding]:
    return worst(settings.check(reading(monkeypatch, given)))


def test_without_any_every_setting_is_named_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    (finding,) = settings.check(reading(monkeypatch, {}))
    assert finding.state is State.OK
    for name in Settings.model_fields:
        assert name.upper() in finding.says


def test_what_is_set_is_named_by_where(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("COACH_PORT=8081\nREDIS_URL=\nCOACH_HOST=localhost\n")
    findings = settings.check(reading(monkeypatch, {"COACH_HOST": "127.0.0.1", "CLAUDE_ANSWER_SECONDS": "40"}))
    states = told(findings)
    assert states[:2] == [
        (State.OK, "set in the environment: COACH_HOST, CLAUDE_ANSWER_SECONDS"),
        (State.OK, "set in .env: COACH_PORT"),
    ]
    assert "REDIS_URL" in states[2][1]
    assert states[3:] == [
        (State.UNSURE, "set in the environment and otherwise in .env: COACH_HOST; the environment counts")
    ]


@pytest.mark.parametrize(
    "given",
    [
        {},
        BOT | APP | {"COACH_ADMINS": "local,slack:T1/U1", "COACH_ADMIN_CHANNEL": "slack:C1"},
        {"COACH_PRICES": '{"m": {"input": 3, "output": 15}}', "COACH_PORT": "0", "TEAMS_LOCAL": "1"},
        {"COACH_HOST": "", "COACH_DATA_DIR": "there", "REDIS_URL": "redis://h"},
        {"coach_port": "8000"},
    ],
)
def test_right_settings_are_read_as_the_coach_reads_them(
    folder: Path, monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str]
) -> None:
    (folder / ".env").write_text("COACH_WEB_TOKEN=of-the-file\nCOACH_PORT=7000\n")
    read_ = reading(monkeypatch, given)
    assert (read_.settings.model_dump(), read_.faults, read_.left_out) == (Settings().model_dump(), [], frozenset())


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (BOT, "SLACK_BOT_TOKEN is set, and neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is"),
        (APP, "SLACK_APP_TOKEN is set, and SLACK_BOT_TOKEN is not"),
        (APP_ID, "TEAMS_APP_ID is set, and TEAMS_APP_PASSWORD is not (only UserAssignedMSI needs none)"),
        ({"TEAMS_CLOUD": "dod"}, "TEAMS_CLOUD is set, and TEAMS_APP_ID is not"),
        (APP_ID | {"TEAMS_LOCAL": "1"}, "TEAMS_LOCAL takes whatever comes unsigned: unset it, or TEAMS_APP_ID"),
        ({"COACH_ADMIN_CHANNEL": "slack:C1"}, "COACH_ADMIN_CHANNEL is in Slack, and SLACK_BOT_TOKEN is not set"),
    ],
)
def test_half_a_group_is_told_in_the_settings_own_line_and_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str], says: str
) -> None:
    read_ = reading(monkeypatch, {**given, "COACH_PORT": "8081"})
    problem = only(settings.check(read_))
    assert problem.says == says
    assert problem.mend
    assert read_.settings.coach_port == 8081
    assert (read_.settings.slack_bot_token, read_.settings.teams_app_id) == (None, None)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"COACH_PORT": "99999"}, "COACH_PORT: Input should be less than or equal to 65535"),
        ({"CLAUDE_ANSWER_SECONDS": "soon"}, "CLAUDE_ANSWER_SECONDS: Input should be a valid number"),
        ({"COACH_PRICES": "{"}, "COACH_PRICES: write dollars for a million tokens as JSON"),
        ({"COACH_PRICES": '{"m": {"input": 3}}'}, "COACH_PRICES: write dollars for a million tokens as JSON"),
        ({"COACH_ADMINS": "local,dana"}, "COACH_ADMINS: who it names cannot be read; write local, slack:TEAM/USER"),
        ({"ANTHROPIC_BASE_URL": "nowhere"}, "ANTHROPIC_BASE_URL: write the address of a server"),
        ({"COACH_ADMIN_CHANNEL": "C1"}, "COACH_ADMIN_CHANNEL: write slack: or teams: and the channel's id"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, given: Mapping[str, str], says: str
) -> None:
    (problem,) = problems(monkeypatch, given)
    assert problem.says.startswith(says)
    assert problem.mend == "mend it in the environment"
    assert "dana" not in problem.says


def test_what_rests_on_a_wrong_setting_is_not_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    given = BOT | {"SLACK_APP_TOKEN": "x y", "COACH_ADMIN_CHANNEL": "slack:C1", "TEAMS_APP_ID": "mine"}
    read_ = reading(monkeypatch, given)
    assert [fault.says.partition(":")[0] for fault in read_.faults] == ["SLACK_APP_TOKEN", "TEAMS_APP_ID"]
    assert read_.left_out == {"slack_bot_token", "slack_app_token", "coach_admin_channel", "teams_app_id"}


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\xff\xfe", ".env is not UTF-8 text, so nothing of it is used"),
        (b"COACH_PORT=x", "COACH_PORT: Input should be a valid integer"),
        (b"COACH_PORT=\x00", "COACH_PORT: Input should be a valid integer"),
    ],
)
def test_a_broken_env_file_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, raw: bytes, says: str) -> None:
    (folder / ".env").write_bytes(raw)
    (problem,) = problems(monkeypatch, {})
    assert problem.says.startswith(says)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("COACH_ADMIN", "COACH_ADMINS"),
        ("COACH_REDIS_URL", "REDIS_URL"),
        ("SLACK_TOKEN", "SLACK_BOT_TOKEN"),
        ("TEAMS_PASSWORD", "TEAMS_APP_PASSWORD"),
        ("CLAUDE_TOKENS_PER_DAY", "CLAUDE_TOKENS_A_DAY"),
        ("ANTHROPIC_KEY", "ANTHROPIC_API_KEY"),
    ],
)
def test_a_slip_in_a_name_is_told_with_the_setting_that_may_be_meant(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    (problem,) = problems(monkeypatch, {name: "x"})
    assert problem.says == f"{name} is no setting, and does nothing"
    assert problem.mend == f"write {meant}, if that is meant"
    monkeypatch.delenv(name)
    (folder / ".env").write_text(f"{name}=x\n")
    assert problems(monkeypatch, {}) == [problem]


def test_names_of_other_programs_are_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    others = ["CLAUDE_CODE_ENTRYPOINT", "SLACK_WEBHOOK_URL", "ANTHROPIC_LOG", "REDIS_HOST"]
    findings = settings.check(reading(monkeypatch, {**dict.fromkeys(others, "x"), **BOT, **APP, "SLACK_TOKEN": "x"}))
    assert not worst(findings)
    assert told(findings)[-1] == (
        State.UNSURE,
        "no settings of the coach, and without effect: CLAUDE_CODE_ENTRYPOINT, SLACK_TOKEN, SLACK_WEBHOOK_URL",
    )
