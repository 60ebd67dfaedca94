"""Text of an e-mail (.eml): its subject and what it says."""

from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import MIMEPart

from bot.files.decoding import decoded
from bot.files.faults import Fault, FaultError


def read(content: bytes) -> str:
    """Gives the line "Subject: …", a blank line and the body, plain where there is such, else what the HTML says.

    Attachments are left out, e-mails that are attached too.
    """
    message = message_from_bytes(content, policy=policy.default)
    if not message.keys():
        raise FaultError(Fault.NOT_ITS_KIND)
    body = "\n".join(_text(part) for part in _bodies(message)).strip("\r\n")
    subject = " ".join(str(message.get("subject", "")).split())
    if not body or not subject:
        return body  # a subject alone is no draft
    return f"Subject: {subject}\n\n{body}"


def _bodies(message: MIMEPart) -> Iterator[MIMEPart]:
    """Some programs go on with the text after an attachment: each part of a mixed message has a body of its own."""
    if message.get_content_type() == "multipart/mixed":
        for part in message.iter_parts():
            yield from _bodies(part)
    elif (body := message.get_body(preferencelist=("plain", "html"))) is not None:
        yield body


def _text(part: MIMEPart) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        raise FaultError(Fault.DAMAGED)
    text = _decoded(content, part.get_content_charset("us-ascii"))
    if part.get_content_subtype() != "html":
        return text
    from bot.files import html  # a plain e-mail does without the parser

    return html.text_of(text)


def _decoded(content: bytes, charset: str) -> str:
    if charset != "us-ascii":  # what programs write that do not look at what they send
        try:
            return content.decode(charset, "replace")
        except LookupError:
            pass
    return decoded(content)
