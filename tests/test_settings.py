"""Settings of Slack: taken as a whole or refused, from the environment and from `.env`."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from bot.settings import Settings

BOT, APP, SIGNING = {"SLACK_BOT_TOKEN": "xoxb-1"}, {"SLACK_APP_TOKEN": "xapp-1"}, {"SLACK_SIGNING_SECRET": "shh"}
NEITHER = "SLACK_BOT_TOKEN is set, and neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is"


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def problem(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> str:
    """Why the settings are refused, without what they are."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    (told,) = raised.value.errors(include_url=False)
    return str(told["ctx"]["error"])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        BOT | APP,
        BOT | SIGNING | {"COACH_ADMIN_CHANNEL": "slack:C0123456789"},
        BOT | SIGNING | APP | {"SLACK_API_URL": "http://127.0.0.1:8000/api/"},
        BOT | APP | {"SLACK_API_URL": "https://slack-gov.com/api/"},
        dict.fromkeys([*BOT, *APP, *SIGNING, "COACH_ADMIN_CHANNEL", "SLACK_API_URL"], ""),
    ],
)
def test_slacks_settings_are_taken_from_the_environment_and_from_the_env_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]
) -> None:
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    of_file = Settings()
    (tmp_path / ".env").unlink()
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert Settings() == of_file
    for name, value in settings.items():
        read = getattr(of_file, name.lower())
        assert (read.get_secret_value() if isinstance(read, SecretStr) else read) == (value or None)
    assert not [secret for secret in ("xoxb-1", "xapp-1", "shh") if secret in repr(of_file)]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (BOT, NEITHER),
        (BOT | {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": ""}, NEITHER),
        (APP, "SLACK_APP_TOKEN is set, and SLACK_BOT_TOKEN is not"),
        (SIGNING, "SLACK_SIGNING_SECRET is set, and SLACK_BOT_TOKEN is not"),
        (APP | SIGNING | {"SLACK_BOT_TOKEN": ""}, "SLACK_APP_TOKEN is set, and SLACK_BOT_TOKEN is not"),
    ],
)
def test_half_of_slacks_settings_is_refused_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str], told: str
) -> None:
    assert problem(monkeypatch, settings) == told


def test_a_channel_to_announce_in_is_of_no_use_without_slack(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "SLACK_BOT_TOKEN" in problem(monkeypatch, {"COACH_ADMIN_CHANNEL": "slack:C0123456789"})


@pytest.mark.parametrize(
    "channel", ["C0123456789", "slack:", "slack:T1/C1", "slack:a b", "teams:C1", "slack:C1:C2", "slack:C1 "]
)
def test_a_channel_to_announce_in_is_named_by_platform_and_id(monkeypatch: pytest.MonkeyPatch, channel: str) -> None:
    told = problem(monkeypatch, BOT | APP | {"COACH_ADMIN_CHANNEL": channel})
    assert told.startswith("write slack: or teams: and the channel's id, such as slack:C0123456789 or teams:19:")


@pytest.mark.parametrize(
    "url", ["slack.com/api", "ftp://127.0.0.1", "https://slack.com/api?a=b", "https://u:p@slack.com", "http://a b"]
)
def test_slacks_address_is_that_of_a_server(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    told = problem(monkeypatch, BOT | APP | {"SLACK_API_URL": url})
    assert told.startswith("write the address of a server")
