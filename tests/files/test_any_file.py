"""Whatever bytes come under whatever name, there is a text or a refusal."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.review import MAX_DRAFT
from bot.files.reading import KINDS, UnreadableFileError, read_file
from tests.files.making import mail, page, pdf, word

WHOLE = {
    ".eml": mail(html="<p>Hi</p>").as_bytes(),
    ".docx": word(lambda document: document.add_paragraph("Hi")),
    ".pdf": pdf(page("Hi")),
    ".html": b"<html><body><p>Hi</p></body></html>",
    ".htm": b"<p>Hi",
}
TEXT_KINDS = [".txt", ".md", ".xlsx", ""]


def check(name: str, content: bytes) -> None:
    try:
        text = asyncio.run(read_file(name, content))
    except UnreadableFileError as refused:
        text = str(refused)
    assert text.strip()
    assert len(text) <= MAX_DRAFT
    assert "\x00" not in text
    text.encode()


@settings(max_examples=200, deadline=None)
@given(stem=st.text(max_size=20), kind=st.sampled_from(TEXT_KINDS), content=st.binary(max_size=200))
def test_any_bytes_under_a_text_files_name(stem: str, kind: str, content: bytes) -> None:
    check(stem + kind, content)


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    kind = draw(st.sampled_from(sorted(WHOLE)))
    whole = WHOLE[kind]
    start, end = sorted((draw(st.integers(0, len(whole))), draw(st.integers(0, len(whole)))))
    return f"a{kind}", whole[:start] + draw(st.binary(max_size=50)) + whole[end:]


@settings(max_examples=20, deadline=None)
@given(damaged())
def test_any_damage_to_a_file_that_needs_a_parser(file: tuple[str, bytes]) -> None:
    check(*file)


def test_every_kind_that_is_read_is_tried() -> None:
    assert set(KINDS) == WHOLE.keys() | {".txt", ".md"}
