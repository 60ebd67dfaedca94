"""A file that a person sent, as text."""

import asyncio
from pathlib import PurePath

from bot.core.review import MAX_DRAFT
from bot.files.decoding import decoded
from bot.files.faults import Fault, FaultError
from bot.files.process import read_apart

KINDS = (".txt", ".md", ".eml", ".docx", ".pdf", ".html", ".htm")
"""The suffixes of the files that are read."""

MAX_BYTES = 5_000_000
"""Of a file as it is sent."""

_TEXT = (".txt", ".md")
_SHOWN_NAME = 80


class UnreadableFileError(Exception):
    """A file cannot be read; the message is one line for who sent it: which file, what is wrong, what to send."""


async def read_file(name: str, content: bytes) -> str:
    """Gives the text of a file, all of it.

    A .txt or .md comes with the line endings that it has, everything else with line feeds. The text has no NUL and no
    half of a surrogate pair, and at most `MAX_DRAFT` characters. Other kinds are read two at a time, each in 20 s.

    Args:
        name: what the file is called; its suffix says of which kind it is.
        content: its bytes.

    Raises:
        UnreadableFileError: it is of no kind that is read, or its content cannot be.
    """
    try:
        return await _read(PurePath(name.strip()).suffix.lower(), content)
    except FaultError as error:
        raise UnreadableFileError(_told(name, error.fault)) from None


async def _read(kind: str, content: bytes) -> str:
    if kind not in KINDS:
        raise FaultError(Fault.UNKNOWN_KIND)
    if not content:
        raise FaultError(Fault.EMPTY)
    if len(content) > MAX_BYTES:
        raise FaultError(Fault.TOO_LARGE)
    if kind == ".pdf" and not content.startswith(b"%PDF"):
        raise FaultError(Fault.NOT_ITS_KIND)
    if kind in _TEXT:
        text = await asyncio.to_thread(decoded, content)
    else:
        text = await read_apart(kind, content, longest=MAX_DRAFT)
    if len(text) > MAX_DRAFT:
        raise FaultError(Fault.TOO_LONG)
    if not text.strip():
        raise FaultError(Fault.EMPTY if kind in _TEXT else Fault.NO_TEXT)
    return text


def _told(name: str, fault: Fault) -> str:
    shown = " ".join("".join(char if char.isprintable() else " " for char in name).split())
    if len(shown) > _SHOWN_NAME:
        shown = f"{shown[: _SHOWN_NAME // 2]}…{shown[-_SHOWN_NAME // 2 :]}"
    why = f" ({fault.why})" if fault.why else ""
    return f"“{shown}” cannot be read{why}: {fault.mend} .txt, .md, .eml, .docx, .pdf or .html, or paste the text."
