import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

BOT = Path(__file__).parent.parent / "bot"
SDKS = {"slack_bolt", "slack_sdk", "botbuilder", "anthropic", "redis", "aiohttp", "onnxruntime", "rich", "click"}


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


@pytest.mark.parametrize("folder", ["knowledge", "phrasing", "encoder", "engines", "stores"])
def test_nothing_behind_the_core_knows_a_front_end(folder: str) -> None:
    outward = ("bot.channels", "bot.commands", "bot.app", "bot.cli", "bot.training")
    assert not [name for name in imported_by(folder) if name.startswith(outward)]


def test_help_loads_nothing_heavy() -> None:
    program = "import sys, bot.cli; bot.cli.run(['--help']); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)  # noqa: S603
    heavy = {"numpy", "onnxruntime", "aiohttp", "rich", "pydantic", "prompt_toolkit", "tokenizers", "bot.app"}
    assert not heavy & set(done.stdout.split())
