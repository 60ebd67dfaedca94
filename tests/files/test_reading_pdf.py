from bot.files.reading import read_file
from tests.files.making import page, pdf, refusal

ENCRYPTED = b"/Encrypt<</Filter/Standard/V 1/R 2/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -4>>/ID[(a)(b)]"


async def test_a_pdf_is_read_page_by_page_in_its_lines() -> None:
    content = pdf(page("Hi Zoë,", "the first line", "and 30 €"), b"", page("page two"))
    assert await read_file("a.pdf", content) == "Hi Zoë,\nthe first line\nand 30 €\npage two"


async def test_a_pdf_without_text_is_refused() -> None:
    assert "it may be a scan" in await refusal("a.pdf", pdf(b"0 0 10 10 re f"))


async def test_an_encrypted_pdf_is_refused() -> None:
    assert await refusal("offer.pdf", pdf(page("secret"), trailer=ENCRYPTED)) == (
        "“offer.pdf” cannot be read (it is protected with a password): "
        "send it without one, as .txt, .md, .eml, .docx, .pdf or .html, or paste the text."
    )


async def test_what_is_no_pdf_is_refused() -> None:
    assert "another kind" in await refusal("a.pdf", b"plain text")
    assert "damaged" in await refusal("a.pdf", b"%PDF-1.4\n")


async def test_a_pdf_with_more_text_than_a_draft_is_refused() -> None:
    assert "more than 1,000,000 characters" in await refusal("a.pdf", pdf(*[page(*["x" * 25_000] * 20)] * 3))
