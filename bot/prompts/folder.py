"""The prompts folder, `0001.md`, `0002.md` ...: what is new in it is published at a start."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path

from bot.prompts.document import MAX_CHARACTERS, PromptDocument, PromptFileError, parse_prompt
from bot.prompts.refusal import Refusal
from bot.prompts.registry import PromptRegistry

MAX_FILES = 2_000
MAX_BYTES = 4 * MAX_CHARACTERS
"""What that many characters are at most in UTF-8."""

_NAME = re.compile(r"[0-9]{4,9}\.md")
"""As many digits as commands take in a version's number."""


class PromptFolderError(Exception):
    """The prompts folder cannot be used; the message is one line that names the file and the mend."""


async def publish_folder(folder: Path, registry: PromptRegistry) -> None:
    """Publishes the new files of `folder`, and makes the lowest version live when none is.

    Raises:
        PromptFolderError: a file cannot be read or is no prompt, or was published before with other words.
        StoreAwayError: the store is away.
    """
    documents = await asyncio.to_thread(read_folder, folder)
    for name, document in documents.items():
        try:
            await registry.publish_file(name, document)
        except Refusal as refusal:
            raise PromptFolderError(f"{folder / name}: {refusal}") from refusal
    await registry.activate_first()


def read_folder(folder: Path) -> Mapping[str, PromptDocument]:
    """Gives the folder's files in the order of their numbers; none where there is no folder.

    Raises:
        PromptFolderError: a file cannot be read or is no prompt.
    """
    try:
        names = sorted((path.name for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=_number)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise PromptFolderError(f"cannot read {folder}: {error.strerror}") from error
    if len(names) > MAX_FILES:
        raise PromptFolderError(f"{folder} holds {len(names):,} prompt files; at most {MAX_FILES:,} are published")
    return {name: _document(folder / name) for name in names}


def _document(path: Path) -> PromptDocument:
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
        if len(raw) > MAX_BYTES:
            raise PromptFileError(f"it is too long: at most {MAX_CHARACTERS:,} characters are taken")
        return parse_prompt(raw.decode("utf-8"))
    except OSError as error:
        raise PromptFolderError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise PromptFolderError(f"{path} is not UTF-8 text: save it as UTF-8") from error
    except PromptFileError as error:
        raise PromptFolderError(f"{path}: {error}") from error


def _number(name: str) -> tuple[int, str]:
    return int(name.removesuffix(".md")), name
