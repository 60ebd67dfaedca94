"""Bytes of a text file into characters."""

import codecs
import re

from bot.files.faults import Fault, FaultError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoded(content: bytes) -> str:
    """Gives the text of `content` with the line endings that it has.

    It is read as its byte order mark says, else as UTF-8, else as Windows-1252, what an editor on Windows writes.

    Raises:
        FaultError: it is not text: bytes that no such encoding has, or control characters that no text has.
    """
    text = _characters(content)
    if _BINARY.search(text):
        raise FaultError(Fault.NOT_ITS_KIND)
    return text


def _characters(content: bytes) -> str:
    marked = next((encoding for bom, encoding in _BOMS if content.startswith(bom)), None)
    for encoding in (marked,) if marked else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FaultError(Fault.NOT_ITS_KIND)
