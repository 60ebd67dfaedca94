import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
TEAMS_SDK = {"botbuilder", "botframework", "msal", "msrest"}
SDKS = {"slack_bolt", "slack_sdk", "anthropic", "redis", "aiohttp", "onnxruntime", "rich", "click", *TEAMS_SDK}


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def imported_by(folder: str) -> set[str]:
    return {name for file in (BOT / folder).rglob("*.py") for name in imports(file)}


def test_the_core_imports_no_sdk_and_nothing_outside_itself() -> None:
    names = imported_by("core")
    assert not {name.split(".")[0] for name in names} & SDKS
    assert not [name for name in names if name.startswith("bot.") and not name.startswith("bot.core")]


def test_the_encoder_knows_nothing_but_its_weights() -> None:
    assert not [
        name for name in imported_by("encoder") if name.startswith("bot.") and not name.startswith("bot.encoder")
    ]


def test_versions_are_kept_without_knowing_which_store_or_engine_there_is() -> None:
    known = ("bot.core", "bot.prompts")
    assert not [name for name in imported_by("prompts") if name.startswith("bot.") and not name.startswith(known)]


def test_a_store_knows_nothing_but_the_core() -> None:
    known = ("bot.core", "bot.stores")
    assert not [name for name in imported_by("stores") if name.startswith("bot.") and not name.startswith(known)]


@pytest.mark.parametrize("folder", ["knowledge", "phrasing", "encoder", "engines", "stores", "prompts", "files"])
def test_nothing_behind_the_core_knows_a_front_end(folder: str) -> None:
    outward = ("bot.channels", "bot.commands", "bot.app", "bot.cli", "bot.training")
    assert not [name for name in imported_by(folder) if name.startswith(outward)]


def test_only_its_engine_knows_the_anthropic_sdk() -> None:
    knowing = {
        file.relative_to(BOT).parent
        for file in BOT.rglob("*.py")
        if {name.split(".")[0] for name in imports(file)} & {"anthropic", "httpx2"}
    }
    assert knowing == {Path("engines/claude")}


@pytest.mark.parametrize(("channel", "sdk"), [("slack", {"slack_bolt", "slack_sdk"}), ("teams", TEAMS_SDK)])
def test_only_its_channel_knows_a_platforms_sdk(channel: str, sdk: set[str]) -> None:
    knowing = {
        file.relative_to(BOT).parts[:2]
        for file in BOT.rglob("*.py")
        if {name.split(".")[0] for name in imports(file)} & sdk
    }
    assert knowing == {("channels", channel)}


def loaded_by(*arguments: str) -> set[str]:
    """The modules that `coach` with these arguments loads."""
    program = f"import sys, bot.cli; bot.cli.run({list(arguments)!r}); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    return set(done.stderr.split())


HELP = [
    "prompts",
    "prompts activate --help",
    "inbox --help",
    "knowledge --help",
    "knowledge check --help",
    "knowledge feedback --help",
    "doctor --help",
]


@pytest.mark.parametrize("arguments", [["--help"], *map(str.split, HELP)])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    heavy = "numpy onnxruntime aiohttp rich pydantic prompt_toolkit tokenizers redis anthropic slack_sdk lxml bot.app"
    assert not set(heavy.split()) & loaded_by(*arguments)


def test_a_service_is_loaded_only_where_it_is_used() -> None:
    assert not {"redis", "anthropic", "tenacity", "purgatory", "slack_sdk"} & loaded_by("knowledge", "list")
