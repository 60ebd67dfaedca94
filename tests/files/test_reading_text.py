import codecs

import pytest

from bot.core.review import MAX_DRAFT
from bot.files.reading import MAX_BYTES, read_file
from tests.files.making import refusal

DRAFT = "Hi Zoë,\r\n\r\nit is “30 €” a roof.\n"


@pytest.mark.parametrize(
    "content",
    [
        DRAFT.encode(),
        codecs.BOM_UTF8 + DRAFT.encode(),
        codecs.BOM_UTF16_LE + DRAFT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + DRAFT.encode("utf-16-be"),
        DRAFT.encode("cp1252"),
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16-le", "utf-16-be", "windows-1252"],
)
async def test_a_text_file_is_read_in_the_encoding_that_it_has_with_its_own_line_endings(content: bytes) -> None:
    assert await read_file("draft.txt", content) == DRAFT


async def test_markdown_is_left_as_it_is() -> None:
    assert await read_file("Draft.MD ", b"# Roof\n\n- *one*\n") == "# Roof\n\n- *one*\n"


@pytest.mark.parametrize(
    "content",
    [b"MZ\x90\x00\x03\x00\x00", b"a\x00b", b"\x89PNG\r\n\x1a\n", b"a \x81 b", b"\xff\xfea", b"\xff\xfe\x00\xd8a\x00"],
    ids=["program", "nul", "picture", "no encoding", "half a character", "half a surrogate pair"],
)
async def test_what_is_no_text_is_refused_under_a_text_files_name(content: bytes) -> None:
    assert "its content is of another kind than its name" in await refusal("draft.txt", content)


@pytest.mark.parametrize("content", [b"", b" \r\n\t", codecs.BOM_UTF8])
async def test_an_empty_file_is_refused(content: bytes) -> None:
    assert "it is empty" in await refusal("draft.txt", content)


@pytest.mark.parametrize("name", ["notes.xlsx", "notes", ".txt", "notes.txt.exe", ""])
async def test_a_kind_that_is_not_read_is_refused_with_those_that_are(name: str) -> None:
    assert await refusal(name, b"x") == (
        f"“{name}” cannot be read: send .txt, .md, .eml, .docx, .pdf or .html, or paste the text."
    )


async def test_a_refusal_is_one_line_whatever_the_files_name_is() -> None:
    told = await refusal("a\nb\u202e\x00" + "c" * 500 + ".xlsx", b"x")
    assert told.startswith("“a b c")
    assert told.isprintable()
    assert len(told) < 250


async def test_a_text_is_read_whole_or_not_at_all() -> None:
    assert await read_file("draft.txt", b"a" * MAX_DRAFT) == "a" * MAX_DRAFT
    assert "it has more than 1,000,000 characters" in await refusal("draft.txt", b"a" * (MAX_DRAFT + 1))
    assert "it is larger than 5 MB" in await refusal("draft.txt", b"a" * (MAX_BYTES + 1))
