from docx.document import Document

from bot.core.review import MAX_DRAFT
from bot.files.reading import read_file
from tests.files.making import refusal, word, word_of, word_saying


def letter(document: Document) -> None:
    document.sections[0].header.paragraphs[0].text = "a header"
    document.add_heading("Roof")
    line = document.add_paragraph("W")
    line.add_run("or").bold = True
    line.add_run("d & <tag>, 30 €")
    line.add_run().add_break()
    line.add_run("next line")
    for item in ("one", "two"):
        document.add_paragraph(item, style="List Bullet")
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "left", "right"
    document.add_paragraph("Best,")


async def test_a_word_document_is_read_in_its_order() -> None:
    assert await read_file("a.docx", word(letter)) == (
        "Roof\n\nWord & <tag>, 30 €\nnext line\n\none\ntwo\n\nleft\n\nright\n\nBest,"
    )


async def test_tracked_changes_are_read_as_if_accepted() -> None:
    inserted = '<w:ins w:id="1"><w:r><w:t>new</w:t></w:r></w:ins>'
    deleted = '<w:del w:id="2"><w:r><w:delText>old</w:delText></w:r></w:del>'
    assert await read_file("a.docx", word_saying(f"<w:p>{inserted}{deleted}</w:p>")) == "new"


async def test_a_document_of_the_longest_drafts_length_is_read_whole() -> None:
    paragraph = "x" * 998
    content = word(lambda document: [document.add_paragraph(paragraph) for _ in range(MAX_DRAFT // 1000)])
    assert await read_file("a.docx", content) == "\n\n".join([paragraph] * (MAX_DRAFT // 1000))


async def test_what_is_no_word_document_is_refused() -> None:
    assert "another kind" in await refusal("a.docx", b"plain text")
    assert "protected with a password or was saved by an old Word" in await refusal(
        "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)
    )
    assert "damaged" in await refusal("a.docx", word_of("<w:document>"))
    assert "no text" in await refusal("a.docx", word(lambda _: None))
