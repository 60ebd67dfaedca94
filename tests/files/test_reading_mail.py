from bot.files.reading import read_file
from tests.files.making import mail, refusal


async def test_an_email_is_its_subject_and_its_plain_text() -> None:
    message = mail("Café & roof", "Hi Zoë,\r\n\r\n30 € a roof.\r\n", "<p>as HTML</p>")
    assert await read_file("a.eml", message.as_bytes()) == "Subject: Café & roof\n\nHi Zoë,\n\n30 € a roof."


async def test_an_email_in_html_alone_is_read_as_text() -> None:
    message = mail(plain=None, html="<style>p {}</style><p>Hi <b>Zo</b>ë,</p><p>one<br>two</p><script>no()</script>")
    assert await read_file("a.eml", message.as_bytes()) == "Subject: Roof\n\nHi Zoë,\n\none\ntwo"


async def test_an_email_without_a_subject_is_its_text() -> None:
    assert await read_file("a.eml", b"From: rep@example.com\n\nHi\n") == "Hi"


async def test_attachments_are_left_out_and_attached_emails_too() -> None:
    message = mail()
    message.add_attachment("a price list", filename="prices.txt")
    message.add_attachment(mail("Old", "an older e-mail"))
    message.add_attachment(b"\x00\x01", maintype="image", subtype="png")
    assert await read_file("a.eml", message.as_bytes()) == "Subject: Roof\n\nHi Ann,"


async def test_text_after_an_attachment_belongs_to_the_email() -> None:
    message = mail(plain="before\n")
    message.add_attachment(b"\x00\x01", maintype="image", subtype="png")
    after = mail(plain="after\n")
    del after["From"], after["Subject"]
    message.attach(after)
    assert await read_file("a.eml", message.as_bytes()) == "Subject: Roof\n\nbefore\n\nafter"


async def test_an_email_that_does_not_name_its_encoding_or_names_none_that_is_known_is_read() -> None:
    assert await read_file("a.eml", "Subject: x\n\n30 €".encode()) == "Subject: x\n\n30 €"
    content = b"Subject: x\nContent-Type: text/plain; charset=nonsense\nContent-Transfer-Encoding: 8bit\n\n30 \x80"
    assert await read_file("a.eml", content) == "Subject: x\n\n30 €"


async def test_what_is_no_email_is_refused() -> None:
    assert "another kind" in await refusal("a.eml", b"just words")


async def test_an_email_that_says_nothing_is_refused() -> None:
    assert "there is no text in it" in await refusal("a.eml", b"Subject: x\n\n")


async def test_control_characters_and_halves_of_surrogate_pairs_do_not_come_through() -> None:
    content = rb"Subject: x" + b"\nContent-Type: text/plain; charset=unicode_escape\n\n" + rb"a\x00b\ud800c\ud83d\ude00"
    assert await read_file("a.eml", content) == "Subject: x\n\nab�c😀"
