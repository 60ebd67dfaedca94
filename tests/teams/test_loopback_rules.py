"""The loopback Teams refuses what the real one would not show: cards, citations, sizes."""

import copy
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.teams.loopback.caller import Caller
from tests.teams.loopback.card_rules import Surface, faults
from tests.teams.loopback.entity_rules import MESSAGE
from tests.teams.loopback.entity_rules import faults as entity_faults
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import Json

ANA = "Ana"
CARD: Json = {
    "type": "AdaptiveCard",
    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
    "version": "1.4",
    "body": [
        {"type": "TextBlock", "text": "**Review**", "wrap": True, "size": "Medium", "weight": "bolder"},
        {"type": "RichTextBlock", "inlines": ["plain ", {"type": "TextRun", "text": "run", "italic": True}]},
        {"type": "Input.Text", "id": "draft", "label": "Draft", "isMultiline": True, "value": "Dear all"},
        {"type": "Container", "id": "more", "isVisible": False, "items": [{"type": "TextBlock", "text": "more"}]},
        {"type": "FactSet", "facts": [{"title": "Version", "value": "3"}]},
    ],
    "actions": [
        {"type": "Action.Execute", "title": "Use", "verb": "review.use", "data": {"place": 1}},
        {"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["more"]},
        {
            "type": "Action.ShowCard",
            "title": "Keep",
            "card": {
                "type": "AdaptiveCard",
                "body": [{"type": "Input.Toggle", "id": "show", "title": "Show", "value": "false"}],
                "actions": [{"type": "Action.Execute", "title": "Keep it", "verb": "review.keep"}],
            },
        },
    ],
}
CITING: Json = {
    "type": "message",
    "text": "Say so [1].",
    "entities": [
        {
            "type": MESSAGE,
            "@type": "Message",
            "@context": "https://schema.org",
            "@id": "",
            "additionalType": ["AIGeneratedContent"],
            "citation": [
                {
                    "@type": "Claim",
                    "position": 1,
                    "appearance": {"@type": "DigitalDocument", "name": "Roofs", "abstract": "A roof keeps dry."},
                }
            ],
        }
    ],
}


@pytest.fixture
async def teams() -> AsyncIterator[Teams]:
    async with Teams() as teams:
        yield teams


@pytest.fixture
async def app(teams: Teams) -> AsyncIterator[Caller]:
    async with Caller(teams) as caller:
        yield caller


def changed(whole: Json, path: str, value: Any) -> Json:  # noqa: ANN401 - JSON
    """A copy with another value at a place; `...` takes it away."""
    made = copy.deepcopy(whole)
    *way, last = [int(each) if each.isdecimal() else each for each in path.split("/")]
    at: Any = made
    for each in way:
        at = at[each]
    if value is ...:
        del at[last]
    else:
        at[last] = value
    return made


def test_a_card_of_version_1_4_is_taken() -> None:
    assert faults(CARD) == []


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("version", "1.5", "must be one of"),
        ("version", ..., "version is missing"),
        ("type", "Card", "must be one of"),
        ("body", {}, "must be an array"),
        ("body/0/type", "Table", "'Table' is not known"),
        ("body/0/text", 3, "must be a string"),
        ("body/0/wrap", "true", "must be true or false"),
        ("body/0/colour", "good", "colour is not known"),
        ("body/0/size", "huge", "must be one of"),
        ("body/0/style", "heading", "style is not known"),
        ("body/1/inlines", [], "must hold 1"),
        ("body/1/inlines/1/type", "Text", "must be one of"),
        ("body/2/id", ..., "id is missing"),
        ("body/2/id", "show", "is there already"),
        ("body/2/value", 3, "must be a string"),
        ("actions/1/targetElements", ["other"], "no element 'other'"),
        ("actions/0/verb", "", "something in it"),
        ("actions/0/type", "Action.Http", "not known"),
        ("actions/2/card/actions/0", CARD["actions"][2], "within another"),
        ("actions", [CARD["actions"][0]] * 7, "no more than 6"),
    ],
)
def test_what_teams_would_not_show_of_a_card_is_a_fault(path: str, value: object, words: str) -> None:
    found = faults(changed(CARD, path, value))
    assert any(words in each for each in found), found


@pytest.mark.parametrize("surface", ["dialog", "compose"])
def test_a_card_of_the_extension_has_no_execute_and_28_kilobytes(surface: Surface) -> None:
    assert any("Action.Execute does not work" in each for each in faults(CARD, surface))
    submits = changed(CARD, "actions", [{"type": "Action.Submit", "title": "Use", "data": {"type": "Action.Execute"}}])
    assert faults(submits, surface) == []
    long = changed(submits, "body/0/text", "é" * 14_300)
    assert any("bytes are more than 28672" in each for each in faults(long, surface))
    assert faults(long) == []


def test_a_citation_that_the_text_names_is_taken() -> None:
    assert entity_faults(CITING) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("text", "Say so."),
        ("entities/0/@type", ...),
        ("entities/0/additionalType", "AIGeneratedContent"),
        ("entities/0/citation/0/position", 0),
        ("entities/0/citation/0/position", "1"),
        ("entities/0/citation/0/appearance/name", "x" * 81),
        ("entities/0/citation/0/appearance/abstract", "x" * 161),
        ("entities/0/citation/0/appearance/abstract", ...),
        ("entities/0/citation/0/appearance/url", "javascript:1"),
        ("entities/0/citation/0/appearance/text", "A roof keeps dry."),
        ("entities/0/citation/0/appearance/keywords", ["a", "b", "c", "d"]),
        ("entities/0/citation", CITING["entities"][0]["citation"] * 2),
        ("entities", CITING["entities"] * 2),
        ("entities/0", {"type": "other"}),
        ("entities/0", {"type": MESSAGE}),
        ("entities/0", {"type": "mention", "text": "<at>Ana</at>", "mentioned": {"id": "29:1"}}),
    ],
)
async def test_a_message_with_other_entities_is_refused(teams: Teams, app: Caller, path: str, value: object) -> None:
    chat = teams.personal(ANA)
    wrong = changed(CITING, path, value)
    assert entity_faults(wrong) != []
    assert (await app.say(chat, **wrong)).code == "BadArgument"
    assert (await app.say(chat, **CITING)).status == 201
    assert len(teams.seen(ANA, chat)) == 1


def test_twenty_citations_are_the_most() -> None:
    claims = [changed(CITING["entities"][0]["citation"][0], "position", number) for number in range(1, 22)]
    text = "".join(f"[{number}]" for number in range(1, 22))
    citing = changed(changed(CITING, "text", text), "entities/0/citation", claims)
    assert entity_faults(citing) == ["/entities/0/citation: no more than 20"]
    assert entity_faults(changed(citing, "entities/0/citation", claims[:20])) == []


async def test_a_message_shows_its_card_its_citations_and_its_suggestions(teams: Teams, app: Caller) -> None:
    chat = teams.personal(ANA)
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "content": CARD}
    suggested = {"actions": [{"type": "imBack", "title": "Why?", "value": "Why?"}], "to": []}
    sent = await app.say(chat, **CITING, attachments=[attachment], suggestedActions=suggested)
    assert sent.status == 201
    (seen,) = teams.seen(ANA, chat)
    assert seen.plain.split("\n") == [
        "Say so [1].",
        "Review",
        "plain run",
        "Draft",
        "Dear all",
        "more",
        "Version 3",
        "[Use]",
        "[More]",
        "[Keep]",
        "☐ Show",
        "[Keep it]",
    ]
    assert [(each.position, each.name, each.abstract) for each in seen.citations] == [(1, "Roofs", "A roof keeps dry.")]
    assert (seen.generated, seen.feedback, seen.suggestions) == (True, False, ("Why?",))
    assert [each["verb"] for each in seen.buttons] == ["review.use", "review.keep"]
    wrong = changed(attachment, "content/version", "1.6")
    assert (await app.say(chat, "", attachments=[wrong])).status == 400


async def test_suggestions_that_nobody_sees_are_noted(teams: Teams, app: Caller) -> None:
    group = teams.group("all", ANA, "Ben")
    suggested = {"actions": [{"type": "imBack", "title": "Why?", "value": "Why?"}], "to": []}
    await app.say(group, "So", suggestedActions=suggested)
    assert teams.seen(ANA, group)[0].suggestions == ()
    assert teams.faults == ["suggested actions are shown in personal chats only"]


async def test_a_message_has_100_kilobytes_of_utf_16(teams: Teams, app: Caller) -> None:
    chat = teams.personal(ANA)
    assert (await app.say(chat, "x" * 51_000)).status == 201
    too_big = await app.say(chat, "x" * 51_200)
    assert (too_big.status, too_big.code) == (413, "MessageSizeTooBig")


async def test_what_is_not_there_cannot_be_written_to(teams: Teams, app: Caller) -> None:
    chat = teams.personal(ANA)
    said = await teams.say(ANA, chat, "hello")
    assert (await app.say("a:other", "hello")).code == "ConversationNotFound"
    assert (await app.update(chat, "1", "hello")).code == "ActivityNotFoundInConversation"
    assert (await app.update(chat, said, "hello")).status == 403
    assert (await app.say(chat, " ")).status == 400
    assert (await app.say(chat, "hello", type="event")).status == 400
    teams.blocked.add(ANA)
    assert (await app.say(chat, "hello")).code == "ConversationBlockedByUser"
    assert (await app.say(teams.chat(ANA, "Ben"), "hello")).code == "BotNotInConversationRoster"
