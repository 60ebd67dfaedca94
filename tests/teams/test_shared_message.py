"""The message that the message extension is called on, as text."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.teams.shared_message import shared_payload


def called_on(body: object, attachments: object = (), **more: object) -> dict[str, Any]:
    """The request as Teams sends it from a message's menu."""
    return {
        "name": "composeExtension/fetchTask",
        "type": "invoke",
        "value": {
            "commandId": "reviewPhrasing",
            "commandContext": "message",
            "requestId": "7f7d22efe5414818becebcec649a7912",
            "messagePayload": {
                "linkToMessage": "https://teams.microsoft.com/l/message/19:x@thread.skype/1611060744833",
                "id": "1611060744833",
                "replyToId": None,
                "createdDateTime": "2021-01-19T12:52:24.833Z",
                "subject": None,
                "body": body,
                "from": {"device": None, "user": {"userIdentityType": "aadUser", "id": "1", "displayName": "Dana"}},
                "reactions": [],
                "mentions": [{"id": 0, "mentionText": "Ann Lee", "mentioned": {"user": {"id": "1"}}}],
                "attachments": attachments,
                **more,
            },
        },
    }


def html(content: str) -> dict[str, str]:
    return {"contentType": "html", "content": content}


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (html("this is the message"), "this is the message"),
        (html('<div><div><at id="0">Ann Lee</at> - it leaks</div>\n</div>'), "@Ann Lee - it leaks"),
        (html("<p>Hi Dana,</p>\n<p>&nbsp;</p>\n<p>It never leaks.<br>\nAnn</p>"), "Hi Dana,\n\nIt never leaks.\nAnn"),
        (html("<ul>\n<li>one</li>\n<li>two</li>\n</ul>"), "- one\n- two"),
        ({"contentType": "text", "content": "a <b>\n\nb\xa0c"}, "a <b>\n\nb c"),
        ({"content": "<p>"}, "<p>"),
    ],
)
def test_it_is_read_as_its_author_wrote_it(body: dict[str, str], text: str) -> None:
    assert shared_payload(called_on(body)) == text


def test_a_message_of_a_card_gives_the_cards_words() -> None:
    card = {
        "type": "AdaptiveCard",
        "body": [
            {"type": "TextBlock", "text": "Offer"},
            {"type": "Container", "items": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": "It"}]}]},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": "Open", "url": "https://x"}],
    }
    hero = {"title": "Roofs", "subtitle": "All of them", "text": "never leak"}
    attachments = [
        {"contentType": "application/vnd.microsoft.card.adaptive", "content": json.dumps(card)},
        {"contentType": "application/vnd.microsoft.card.hero", "content": hero},
        {"contentType": "text/html", "content": "<p>a<br>b</p>"},
        {"contentType": "reference", "contentUrl": "https://x.sharepoint.com/a.docx", "name": "a.docx"},
    ]
    expected = "Offer\nIt\n\nRoofs\nAll of them\nnever leak\n\na\nb"
    assert shared_payload(called_on(html('<attachment id="1"></attachment>'), attachments)) == expected
    assert shared_payload(called_on(html("<p>see this</p>"), attachments)) == "see this"


def test_a_forwarded_message_gives_what_it_forwards() -> None:
    content = {"originalMessageId": "1", "originalMessageContent": "<p>It</p><p>leaks.</p>"}
    attachments = [{"contentType": "forwardedMessageReference", "content": json.dumps(content)}]
    assert shared_payload(called_on(html('<attachment id="1"></attachment>'), attachments)) == "It\nleaks."


@pytest.mark.parametrize("content", ["no JSON", "[" * 100_000, "", None, 1, [[[]]], '"text"', "{}"])
def test_attachments_without_words_give_none(content: object) -> None:
    attachments = [{"contentType": "application/vnd.microsoft.card.adaptive", "content": content}]
    assert shared_payload(called_on(html(""), attachments)) == ""


def test_called_from_the_compose_box_there_is_no_message() -> None:
    assert shared_payload({"value": {"commandId": "reviewPhrasing", "commandContext": "compose"}}) == ""
    assert shared_payload({}) == ""


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(_JSON, _JSON, _JSON)
def test_anything_in_its_place_is_read(body: object, attachments: object, content: object) -> None:
    listed = [attachments, {"contentType": "text/html", "content": content}, {"contentType": body, "content": content}]
    for activity in (
        called_on(body, attachments),
        called_on(html(""), listed),
        {"value": body},
        {"value": {"messagePayload": body}},
    ):
        assert shared_payload(activity).encode() is not None
