"""Each ends in a refusal, in time, and nothing of the machine comes out."""

import time
from collections.abc import Callable

import pytest

from bot.files.faults import Fault, FaultError
from bot.files.process import DEADLINE_SECONDS, read_apart
from bot.files.reading import read_file
from tests.files.making import page, pdf, refusal, slow_mail, word_of, word_saying

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
ENTITY_TEXT = "<w:p><w:r><w:t>x{}y</w:t></w:r></w:p>"


def multipart(depth: int) -> bytes:
    parts = (b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(depth))
    return b"Subject: x\n" + b"".join(parts) + b"\n\nhi\n"


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip bomb": ("a.docx", lambda: word_of(b" " * 200_000_000)),
    "a billion laughs": (
        "a.docx",
        lambda: word_saying(ENTITY_TEXT.format("&a9;"), before=f'<!DOCTYPE x [<!ENTITY a0 "ha">{LAUGHS}]>'),
    ),
    "one long entity many times": (
        "a.docx",
        lambda: word_saying(ENTITY_TEXT.format("&a;" * 50_000), before=f'<!DOCTYPE x [<!ENTITY a "{"a" * 50_000}">]>'),
    ),
    "deep xml": ("a.docx", lambda: word_saying("<w:p>" * 50_000 + "</w:p>" * 50_000)),
    "deep multipart": ("a.eml", lambda: multipart(3000)),
    "deep attached e-mails": ("a.eml", lambda: b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 50_000 + b"hi"),
    "brackets without end": ("a.eml", lambda: b"Subject: x\nContent-Type: " + b"(" * 200_000 + b"\n\nhi"),
    "deep html": ("a.html", lambda: b"<p>x</p>" + b"<b>" * 1_000_000),
    "pdf that unpacks without end": ("a.pdf", lambda: pdf(b" " * 200_000_000)),
    "pdf whose pages hold each other": ("a.pdf", lambda: pdf(page("x")).replace(b"[4 0 R]", b"[2 0 R]")),
    "deep pdf": ("a.pdf", lambda: pdf(b"[" * 500_000)),
    "cut pdf": ("a.pdf", lambda: pdf(page("x"))[:300]),
    "pdf of noise": ("a.pdf", lambda: b"%PDF-1.4" + bytes(range(256)) * 1000),
}


@pytest.mark.parametrize(("name", "make"), HOSTILE.values(), ids=HOSTILE.keys())
async def test_a_hostile_file_is_refused_in_time(name: str, make: Callable[[], bytes]) -> None:
    content = make()
    started = time.monotonic()
    assert f"“{name}” cannot be read (" in await refusal(name, content)
    assert time.monotonic() - started < DEADLINE_SECONDS


async def test_no_file_of_the_machine_is_read_through_an_entity() -> None:
    outside = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    assert await read_file("a.docx", word_saying(ENTITY_TEXT.format("&a;"), before=outside)) == "xy"
    assert "root" not in await read_file("a.html", f"{outside}<p>x&a;y</p>".encode())


async def test_what_takes_too_long_is_ended() -> None:
    started = time.monotonic()
    with pytest.raises(FaultError) as failed:
        await read_apart(".eml", slow_mail(), longest=1000, deadline=0.5)
    assert failed.value.fault is Fault.TOO_HEAVY
    assert time.monotonic() - started < 5
