"""Makes the files that the tests send."""

import io
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage

import docx
import pytest
from docx.document import Document

from bot.files.reading import UnreadableFileError, read_file

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


async def refusal(name: str, content: bytes) -> str:
    """Gives what the sender of an unreadable file is told."""
    with pytest.raises(UnreadableFileError) as refused:
        await read_file(name, content)
    return str(refused.value)


def word(build: Callable[[Document], object]) -> bytes:
    """A document that python-docx has written."""
    document = docx.Document()
    build(document)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def word_of(xml: str | bytes) -> bytes:
    """A document whose main part is `xml`."""
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word(lambda _: None))) as empty,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for part in empty.namelist():
            package.writestr(part, xml if part == "word/document.xml" else empty.read(part))
    return written.getvalue()


def word_saying(body: str, *, before: str = "") -> bytes:
    """A document with this body, in WordprocessingML."""
    return word_of(f"{before}<w:document {W}><w:body>{body}</w:body></w:document>")


def page(*lines: str) -> bytes:
    """A page's drawing of lines, one below the other."""
    shown = b" ".join(b"(" + line.encode("cp1252") + b") Tj T*" for line in lines)
    return b"BT /F1 12 Tf 14 TL 50 700 Td " + shown + b" ET"


def pdf(*pages: bytes, trailer: bytes = b"") -> bytes:
    """A PDF with these pages, each compressed."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % len(pages),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    for number, drawing in enumerate(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (5 + 2 * number)
        )
        packed = zlib.compress(drawing)
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n" % len(packed) + packed + b"\nendstream")
    written = b"%PDF-1.4\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n" % size + b"".join(b"%010d 00000 n \n" % place for place in places)
    ending = b"trailer\n<</Size %d/Root 1 0 R" % size + trailer + b">>\nstartxref\n%d\n%%%%EOF" % len(written)
    return written + table + ending


def mail(subject: str = "Roof", plain: str | None = "Hi Ann,\n", html: str | None = None) -> EmailMessage:
    """An e-mail as Python writes it."""
    message = EmailMessage()
    message["From"] = "rep@example.com"
    message["Subject"] = subject
    if plain is not None:
        message.set_content(plain)
    if html is not None and plain is not None:
        message.add_alternative(html, subtype="html")
    elif html is not None:
        message.set_content(html, subtype="html")
    return message


def slow_mail() -> bytes:
    """A header that the standard library takes half a minute and more for."""
    return b"Subject: x\nContent-Type: text/plain; " + b"a*0=b;" * 300_000 + b"\n\nhi"
