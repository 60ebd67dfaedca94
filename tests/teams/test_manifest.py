import io
import json
import zipfile
import zlib
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.channels.teams.manifest import (
    ICONS,
    NAME,
    PLACEHOLDER,
    REVIEW_PHRASING,
    Developer,
    app_package,
    teams_manifest,
)
from bot.cli import run
from bot.core.commands import AskCommand, parse
from tests.playground.installed import MissingError
from tests.playground.manifest_schema import faults
from tests.teams.loopback.workspace import APP_ID, COMMAND
from tests.test_architecture import loaded_by

Manifest = dict[str, Any]
Call = Callable[..., tuple[int, str, str]]


def made(**changes: Any) -> Manifest:  # noqa: ANN401 - as `teams_manifest` has them
    given: dict[str, Any] = {"app_id": APP_ID, "name": NAME, "domain": None, "developer": Developer()}
    return dict(teams_manifest(**{**given, **changes}))


def against(*manifests: Manifest) -> list[list[str]]:
    """What Microsoft's published schema has against each."""
    try:
        return faults(*manifests)
    except MissingError as error:
        pytest.fail(str(error))


def unpacked(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(package)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_microsofts_schema_has_nothing_against_the_manifest() -> None:
    full = made(
        name="Dachdecker-Coach",
        domain="coach.example.com",
        developer=Developer(
            name="R" * 32,
            website="https://roofs.example.com",
            privacy="https://roofs.example.com/privacy",
            terms="https://roofs.example.com/terms",
        ),
    )
    assert against(made(), full) == [[], []]


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("name", "short"), "x" * 31, "/name/short must NOT have more than 30 characters"),
        (("description", "short"), "x" * 81, "/description/short must NOT have more than 80 characters"),
        (("developer", "name"), "x" * 33, "/developer/name must NOT have more than 32 characters"),
        (("developer", "websiteUrl"), "ftp://example.com", "/developer/websiteUrl must match pattern"),
        (("id",), "no id", "/id must match pattern"),
        (("bots", 0, "scopes"), ["everywhere"], "/bots/0/scopes/0 must be equal to one of the allowed values"),
        (("composeExtensions", 0, "commands", 0, "type"), "task", "/composeExtensions/0/commands/0/type must be equal"),
        (("everything",), True, "must NOT have additional properties"),
    ],
)
def test_the_schema_that_is_asked_finds_what_is_wrong(path: tuple[str | int, ...], value: object, told: str) -> None:
    manifest: Any = deepcopy(made())
    *way, last = path
    held = manifest
    for key in way:
        held = held[key]
    held[last] = value
    (found,) = against(manifest)
    assert any(told in each for each in found)


def test_the_bot_is_had_alone_in_chats_and_in_channels_and_takes_files() -> None:
    (bot,) = made()["bots"]
    assert (bot["botId"], bot["supportsFiles"]) == (APP_ID, True)
    assert bot["scopes"] == ["personal", "team", "groupChat"]


def test_every_command_listed_is_one_that_the_coach_knows() -> None:
    (bot,) = made()["bots"]
    listed = {scope: each["commands"] for each in bot["commandLists"] for scope in each["scopes"]}
    assert listed.keys() == set(bot["scopes"])
    for commands in listed.values():
        assert {"help", "guide", "review", "forget me"} <= {command["title"] for command in commands}
        assert not any(isinstance(parse(command["title"]), AskCommand) for command in commands)
    assert {"prompts", "rollback"} <= {command["title"] for command in listed["personal"]}


def test_review_phrasing_is_an_action_on_a_message_and_where_one_writes() -> None:
    (extension,) = made()["composeExtensions"]
    (command,) = extension["commands"]
    assert extension["botId"] == APP_ID
    assert command["id"] == REVIEW_PHRASING == COMMAND
    assert (command["type"], command["fetchTask"], command["title"]) == ("action", True, "Review phrasing")
    assert command["context"] == ["message", "compose"]


def test_the_package_holds_the_manifest_and_both_icons_and_is_the_same_each_time() -> None:
    package = app_package(made(name="Cöach"))
    files = unpacked(package)
    assert set(files) == {"manifest.json", *ICONS}
    manifest = json.loads(files["manifest.json"])
    assert manifest == made(name="Cöach")
    assert set(manifest["icons"].values()) <= files.keys()
    assert app_package(made(name="Cöach")) == package


def test_the_icons_are_of_the_sizes_and_colours_that_teams_asks_for() -> None:
    files = unpacked(app_package(made()))
    width, height, channels, pixels = decoded(files["color.png"])
    assert (width, height, channels) == (192, 192, 3)
    assert pixels[0] == bytes.fromhex("0b5d57")
    width, height, channels, pixels = decoded(files["outline.png"])
    assert (width, height, channels) == (32, 32, 4)
    assert {pixel[:3] for pixel in pixels if pixel[3]} == {b"\xff\xff\xff"}
    assert {pixels[0][3], pixels[-1][3]} == {0}
    assert any(pixel[3] == 255 for pixel in pixels)


def decoded(image: bytes) -> tuple[int, int, int, list[bytes]]:
    """Gives a PNG's width, height, bytes a pixel and pixels; it has 8 bits a channel and is not interlaced."""
    width, height = int.from_bytes(image[16:20]), int.from_bytes(image[20:24])
    assert image[24] == 8
    assert image[28] == 0
    size = {2: 3, 6: 4}[image[25]]
    packed, at = b"", 8
    while at < len(image):
        length, kind = int.from_bytes(image[at : at + 4]), image[at + 4 : at + 8]
        packed += image[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    data, row, rows = zlib.decompress(packed), bytearray(width * size), bytearray()
    for start in range(0, len(data), width * size + 1):
        row = unfiltered(data[start], data[start + 1 : start + 1 + width * size], row, size)
        rows += row
    return width, height, size, [bytes(rows[at : at + size]) for at in range(0, len(rows), size)]


def unfiltered(kind: int, line: bytes, above: bytearray, size: int) -> bytearray:
    """Gives a line's bytes: https://www.w3.org/TR/png-3/#9Filters."""
    found = bytearray(len(line))
    for at, byte in enumerate(line):
        left, corner = (found[at - size], above[at - size]) if at >= size else (0, 0)
        up = above[at]
        far = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
        nearest = (left, up, corner)[far.index(min(far))]
        found[at] = (byte + (0, left, up, (left + up) // 2, nearest)[kind]) % 256
    return found


@pytest.fixture
def coach(capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """The command line, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def nothing() -> App:
        raise AssertionError("a manifest needs no coach")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(["manifest", "teams", *arguments], opener=nothing)
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


def saved(file: Path) -> Manifest:
    manifest: Manifest = json.loads(unpacked(file.read_bytes())["manifest.json"])
    return manifest


def test_the_zip_is_saved_under_its_usual_name(coach: Call, tmp_path: Path) -> None:
    assert coach("--app-id", APP_ID.upper()) == (0, "Saved to field-coach-teams.zip\n", "")
    assert (tmp_path / "field-coach-teams.zip").read_bytes() == app_package(made())


def test_the_app_id_is_the_setting_unless_another_is_given(
    coach: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"ID": APP_ID, "PASSWORD": "secret", "TENANT_ID": APP_ID}.items():
        monkeypatch.setenv(f"TEAMS_APP_{name}", value)
    assert coach("--out", "set.zip")[0] == 0
    other = APP_ID[:-1] + "0"
    assert coach("--out", "given.zip", "--app-id", other)[0] == 0
    assert [saved(tmp_path / file)["id"] for file in ("set.zip", "given.zip")] == [APP_ID, other]
    assert "secret" not in (tmp_path / "set.zip").read_bytes().decode("latin-1")


def test_the_developers_pages_are_the_coachs_own_unless_others_are_given(coach: Call, tmp_path: Path) -> None:
    file = tmp_path / "field-coach-teams.zip"
    coach("--app-id", APP_ID, "--name", " Roof Coach ")
    plain = saved(file)
    assert plain["developer"] == {
        "name": "Roof Coach",
        "websiteUrl": PLACEHOLDER,
        "privacyUrl": PLACEHOLDER,
        "termsOfUseUrl": PLACEHOLDER,
    }
    assert plain["validDomains"] == []
    coach("--app-id", APP_ID, "--domain", "https://Coach.example.com/", "--developer", "Roofs & Co")
    hosted = saved(file)
    assert hosted["developer"]["name"] == "Roofs & Co"
    assert hosted["developer"]["privacyUrl"] == "https://coach.example.com"
    assert hosted["validDomains"] == ["coach.example.com"]
    coach("--app-id", APP_ID, "--website", "https://a.example", "--privacy", "https://a.example/p")
    assert saved(file)["developer"]["privacyUrl"] == "https://a.example/p"
    assert saved(file)["developer"]["termsOfUseUrl"] == "https://a.example"
    assert against(plain, hosted) == [[], []]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "there is no app id: give --app-id, or set TEAMS_APP_ID"),
        (["--app-id", "coach"], "'--app-id': write the bot's app id, such as 01234567-89ab-"),
        (["--app-id", APP_ID, "--name", "x" * 31], "'--name': write a name of 1 to 30 characters"),
        (["--app-id", APP_ID, "--developer", " "], "'--developer': write a name of 1 to 32 characters"),
        (["--app-id", APP_ID, "--domain", "localhost"], "'--domain': write the host that the coach is reached at"),
        (["--app-id", APP_ID, "--domain", "http://a.example"], "'--domain': write the host"),
        (["--app-id", APP_ID, "--website", "http://a.example"], "'--website': write a page's https address"),
        (["--app-id", APP_ID, "--out", "nowhere/x.zip"], "cannot write nowhere/x.zip: No such file or directory"),
        (["--app-id", APP_ID, "--out", "."], "cannot write .: Is a directory"),
    ],
)
def test_wrong_use_is_one_line_and_leaves_no_file(coach: Call, tmp_path: Path, arguments: list[str], told: str) -> None:
    status, out, err = coach(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert told in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["--help"], ["--app-id", APP_ID, "--out", "/dev/null"]])
def test_a_manifest_loads_nothing_heavy(arguments: list[str]) -> None:
    heavy = "numpy onnxruntime aiohttp rich pydantic botbuilder msal redis anthropic bot.app"
    assert not set(heavy.split()) & loaded_by("manifest", "teams", *arguments)
