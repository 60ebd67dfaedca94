"""Text of a Word document (.docx)."""

import io
import zipfile

import mammoth

from bot.files import html
from bot.files.faults import Fault, FaultError

MAX_UNPACKED = 50_000_000
"""Bytes of all parts of a document together; a text of the longest draft has about 10 MB of XML."""

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a .doc begins, and any Office document that is encrypted."""


def read(content: bytes) -> str:
    """Gives paragraphs, lists and tables in the document's order, insertions taken and deletions left out.

    Pictures, comments, headers and footers are left out; notes come last.
    """
    if content.startswith(_COMPOUND_FILE):
        raise FaultError(Fault.LOCKED_OR_OLD)
    _check(content)
    made = mammoth.convert_to_html(
        io.BytesIO(content),
        include_embedded_style_map=False,
        external_file_access=False,
        convert_image=lambda _image: [],
    )
    return html.text_of(made.value)


def _check(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
    except zipfile.BadZipFile:
        raise FaultError(Fault.NOT_ITS_KIND) from None
    if "word/document.xml" not in {part.filename for part in parts}:
        raise FaultError(Fault.NOT_ITS_KIND)
    if sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise FaultError(Fault.TOO_HEAVY)
