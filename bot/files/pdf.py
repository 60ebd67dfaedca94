"""Text of a PDF."""

import io
from collections.abc import Iterator

import pypdf
from pypdf.errors import LimitReachedError

from bot.files.faults import Fault, FaultError


def read(content: bytes, *, longest: int) -> str:
    """Gives the text of the pages in order, in the lines that the pages have.

    Raises:
        FaultError: it is encrypted, longer than `longest` characters, or beyond what pypdf does for one file.
    """
    pages: list[str] = []
    length = 0
    try:
        # The legacy settings would put the outside program back that pypdf decodes pictures with.
        with pypdf.apply_configuration(jbig2dec_binary=None, disable_legacy_handling=True):
            for page in _pages(content):
                pages.append(page)
                length += len(page)
                if length > longest:
                    raise FaultError(Fault.TOO_LONG)
    except LimitReachedError:
        raise FaultError(Fault.TOO_HEAVY) from None
    return "\n".join(pages)


def _pages(content: bytes) -> Iterator[str]:
    reader = pypdf.PdfReader(io.BytesIO(content))
    if reader.is_encrypted:
        raise FaultError(Fault.LOCKED)
    for page in reader.pages:
        text = page.extract_text().strip("\n")
        if text.strip():
            yield text
