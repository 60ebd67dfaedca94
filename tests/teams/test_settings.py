"""Settings of Teams: taken as a whole or refused, from the environment and from `.env`."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.channels.teams.cloud import CLOUDS
from bot.channels.teams.ids import person_id
from bot.channels.terminal.reading import InputError
from bot.commands.opening import read_settings
from bot.settings import Settings

ID = "11111111-2222-3333-4444-555555555555"
APP, PASSWORD = {"TEAMS_APP_ID": ID}, {"TEAMS_APP_PASSWORD": "s3~cret.value_"}
TENANT = {"TEAMS_APP_TENANT_ID": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"}
MSI, MULTI = {"TEAMS_APP_TYPE": "UserAssignedMSI"}, {"TEAMS_APP_TYPE": "MultiTenant"}
LOCAL = {"TEAMS_LOCAL": "1"}
CHANNEL = {"COACH_ADMIN_CHANNEL": "teams:19:4a95f7d8db4c4e7fae857bcebe0623e6@thread.tacv2"}
NO_CHANNEL = "COACH_ADMIN_CHANNEL is in Teams, and TEAMS_APP_ID is not set (TEAMS_LOCAL announces nothing)"
NAMES = ("APP_ID", "APP_PASSWORD", "APP_TENANT_ID", "APP_TYPE", "CLOUD", "LOCAL")


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def told(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> str:
    """Why the settings are refused, as the command line says it."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(InputError) as raised:
        read_settings()
    assert "\n" not in str(raised.value)
    return str(raised.value)


def test_without_any_of_them_there_is_no_teams() -> None:
    settings = Settings()
    assert (settings.teams_app_id, settings.teams_local) == (None, False)
    assert (settings.teams_app_type, settings.teams_cloud) == ("SingleTenant", "public")


@pytest.mark.parametrize(
    "settings",
    [
        APP | PASSWORD | TENANT,
        APP | PASSWORD | TENANT | CHANNEL,
        APP | PASSWORD | MULTI,
        APP | PASSWORD | MULTI | TENANT,
        APP | TENANT | MSI,
        APP | TENANT | MSI | PASSWORD,
        LOCAL,
        {"TEAMS_LOCAL": "0"} | APP | PASSWORD | TENANT,
        *[APP | PASSWORD | TENANT | {"TEAMS_CLOUD": name} for name in CLOUDS],
        dict.fromkeys((f"TEAMS_{name}" for name in NAMES), ""),
    ],
)
def test_teams_settings_are_taken_from_the_environment_and_from_the_env_file(
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
        shown = read.get_secret_value() if isinstance(read, SecretStr) else read
        assert value == "" or shown == {"TEAMS_LOCAL": value == "1"}.get(name, value)
    assert "s3~cret" not in repr(of_file)


def test_ids_are_the_same_in_any_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (APP | PASSWORD | TENANT).items():
        monkeypatch.setenv(name, value.upper() if name != "TEAMS_APP_PASSWORD" else value)
    settings = Settings()
    assert (settings.teams_app_id, settings.teams_app_tenant_id) == (ID, TENANT["TEAMS_APP_TENANT_ID"])


def test_admins_in_teams_are_the_same_in_any_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    tenant = TENANT["TEAMS_APP_TENANT_ID"]
    monkeypatch.setenv("COACH_ADMINS", f"slack:T1/U1, teams:{tenant.upper()}/{ID.replace('1', 'D')}")
    assert Settings().coach_admins == {"slack:T1/U1", person_id(tenant, ID.replace("1", "d"))}


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (PASSWORD, "TEAMS_APP_PASSWORD is set, and TEAMS_APP_ID is not"),
        (TENANT, "TEAMS_APP_TENANT_ID is set, and TEAMS_APP_ID is not"),
        (MSI, "TEAMS_APP_TYPE is set, and TEAMS_APP_ID is not"),
        ({"TEAMS_CLOUD": "dod"}, "TEAMS_CLOUD is set, and TEAMS_APP_ID is not"),
        (PASSWORD | TENANT | {"TEAMS_APP_ID": ""}, "TEAMS_APP_PASSWORD is set, and TEAMS_APP_ID is not"),
        (LOCAL | PASSWORD, "TEAMS_APP_PASSWORD is set, and TEAMS_APP_ID is not"),
        (APP, "TEAMS_APP_ID is set, and TEAMS_APP_PASSWORD is not (only UserAssignedMSI needs none)"),
        (APP | TENANT, "TEAMS_APP_ID is set, and TEAMS_APP_PASSWORD is not (only UserAssignedMSI needs none)"),
        (APP | MULTI, "TEAMS_APP_ID is set, and TEAMS_APP_PASSWORD is not (only UserAssignedMSI needs none)"),
        (APP | PASSWORD, "TEAMS_APP_ID is set, and TEAMS_APP_TENANT_ID is not (only MultiTenant needs none)"),
        (APP | MSI, "TEAMS_APP_ID is set, and TEAMS_APP_TENANT_ID is not (only MultiTenant needs none)"),
        (APP | PASSWORD | TENANT | LOCAL, "TEAMS_LOCAL takes whatever comes unsigned: unset it, or TEAMS_APP_ID"),
        (APP | LOCAL, "TEAMS_LOCAL takes whatever comes unsigned: unset it, or TEAMS_APP_ID"),
        (CHANNEL, NO_CHANNEL),
        (CHANNEL | {"TEAMS_LOCAL": "no"}, NO_CHANNEL),
        (CHANNEL | LOCAL, NO_CHANNEL),
    ],
)
def test_half_of_teams_settings_is_refused_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str], line: str
) -> None:
    assert told(monkeypatch, settings) == f"{line}. Mend it in the environment or in .env"


@pytest.mark.parametrize("name", ["TEAMS_APP_ID", "TEAMS_APP_TENANT_ID"])
@pytest.mark.parametrize("value", ["coach", "contoso.onmicrosoft.com", ID[:-1], f"{{{ID}}}", f"{ID}/..", f"{ID} {ID}"])
def test_an_id_is_one_of_the_azure_portals(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    line = told(monkeypatch, APP | PASSWORD | TENANT | {name: value})
    assert line.startswith(f"{name} is {value!r}: write an id such as 01234567-89ab-")


@pytest.mark.parametrize(
    ("name", "value"), [("TEAMS_APP_TYPE", "singletenant"), ("TEAMS_CLOUD", "gcch"), ("TEAMS_LOCAL", "perhaps")]
)
def test_a_choice_that_is_none_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    assert told(monkeypatch, APP | PASSWORD | TENANT | {name: value}).startswith(
        f"{name} is {value!r}: Input should be"
    )


def test_a_password_that_was_copied_badly_is_refused_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    line = told(monkeypatch, APP | TENANT | {"TEAMS_APP_PASSWORD": "s3~cret value"})
    assert line.startswith("TEAMS_APP_PASSWORD: it has spaces or line breaks in it")
    assert "s3~cret" not in line


@pytest.mark.parametrize(
    "channel",
    [
        "teams:",
        "teams:C1",
        "teams:19:",
        "teams:19:abc",
        "teams:19:abc@evil",
        "teams:19:abc@thread.tacv2;messageid=1",
        "teams:19:a/b@thread.tacv2",
        "teams:a:1abc@thread.tacv2",
        "19:abc@thread.tacv2",
    ],
)
def test_a_channel_to_announce_in_is_named_as_teams_names_it(monkeypatch: pytest.MonkeyPatch, channel: str) -> None:
    line = told(monkeypatch, APP | PASSWORD | TENANT | {"COACH_ADMIN_CHANNEL": channel})
    assert "or teams:19:abc@thread.tacv2" in line


def test_a_channel_of_the_other_platform_needs_that_platform(monkeypatch: pytest.MonkeyPatch) -> None:
    line = told(monkeypatch, APP | PASSWORD | TENANT | {"COACH_ADMIN_CHANNEL": "slack:C0123456789"})
    assert line.startswith("COACH_ADMIN_CHANNEL is in Slack, and SLACK_BOT_TOKEN is not set")
