"""What a person typed into Slack's composer comes back as it was, formatted or not."""

import json
import time
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.plain import plain
from bot.channels.slack.typed import MOST_ELEMENTS, words_of
from tests.slack.loopback.block_rules import faults
from tests.slack.loopback.composer import composed, text_of
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER, Json
from tests.slack.serving import Served
from tests.slack.watching import DRAFT, REWRITTEN, boxes, pings, said, told

LONG = 200_000
SECONDS = 2.0
"""Many times what a text of that length takes; what is not linear takes minutes."""
WRONG = "only in the text"


def section(*elements: object) -> Json:
    return {"type": "rich_text_section", "elements": list(elements)}


def rich(*elements: object) -> list[Json]:
    return [{"type": "rich_text", "block_id": "b", "elements": list(elements)}]


def text(words: object) -> Json:
    return {"type": "text", "text": words}


def bullets(*items: object, **more: object) -> Json:
    return {"type": "rich_text_list", "style": "bullet", "elements": list(items), **more}


def message(typed: str) -> Json:
    """A message whose author typed this with formatting."""
    blocks = composed(typed, formatted=True)
    return {"text": text_of(blocks), "blocks": blocks}


def read(*elements: object, text: str = WRONG) -> str:
    return words_of({"text": text, "blocks": rich(*elements)})


@given(st.text().filter(lambda typed: "<" not in typed))
def test_plain_text_comes_back_as_it_was_through_blocks_and_through_text(typed: str) -> None:
    blocks = composed(typed)
    assert words_of({"text": text_of(blocks), "blocks": blocks}) == typed
    assert words_of({"text": WRONG if typed else "", "blocks": blocks}) == typed
    assert words_of({"text": text_of(blocks)}) == plain(text_of(blocks)) == typed


@given(
    st.lists(
        st.sampled_from(
            [
                *"* _ ~ ` ``` - 1. > &lt; < <b> :tada: a|b \u2022 https://x.y/a?b=1&c=2 a@b.cc www.x.yz".split(),
                *("\ud800", "word", "&", "|", " ", "\n", "\r\n", "\u00a0"),
            ]
        )
    ).map("".join)
)
def test_marks_that_were_typed_stay_what_was_typed(typed: str) -> None:
    blocks = composed(typed)
    assert words_of({"text": text_of(blocks), "blocks": blocks}) == typed
    assert words_of({"text": text_of(blocks)}) == typed


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Our tiles *last forever*.", "Our tiles last forever."),
        ("_a_ ~b~ `c` *d e*", "a b c d e"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        (
            "*see https://x.y/z?a=1&b=2* or www.x.yz, mail *a@b.cc*",
            "see https://x.y/z?a=1&b=2 or www.x.yz, mail a@b.cc",
        ),
        ("Hi\n\n- one\n- two\n\nBye", "Hi\n\n- one\n- two\n\nBye"),
        ("Hi\n- one\n    - *two*\n        - three\n- four\nBye", "Hi\n- one\n    - two\n        - three\n- four\nBye"),
        ("1. one\n2. two\n    - a\n3. three", "1. one\n2. two\n    - a\n3. three"),
        ("5. five\n6. six", "5. five\n6. six"),
        ("- a\n1. b\n- c", "- a\n1. b\n- c"),
        ("Thanks!\n\n> Is it *new*?\n> \n> Dana\n\nBest", "Thanks!\n\n> Is it new?\n>\n> Dana\n\nBest"),
        ("Run\n```\nif a < b:\n    *go*\n```\nnow", "Run\nif a < b:\n    *go*\nnow"),
        ("<@U2> and <#C1> and <!here> and <!subteam^S1>", "@U2 and #C1 and @here and @S1"),
        (
            "well done :tada: :heart: :wave: :acme-logo:",
            "well done \U0001f389 \u2764\ufe0f \U0001f44b\U0001f3fc :acme-logo:",
        ),
    ],
)
def test_formatting_leaves_no_marks_and_keeps_every_line(typed: str, words: str) -> None:
    made = message(typed)
    assert faults(made["blocks"], "message") == []
    assert words_of(made) == words


@pytest.mark.parametrize("before", ["", "review\n", "@UBOT review this draft:\n", "@UBOT\n"])
def test_a_draft_that_is_only_set_off_as_a_quote_or_as_code_is_the_writers_own(before: str) -> None:
    typed, words = "Hi Dana,\n\nThis *never* leaks.\n\nBest,\nAnn", "Hi Dana,\n\nThis never leaks.\n\nBest,\nAnn"
    opening = before.replace("@UBOT", "<@UBOT>")
    quote = "\n".join(f"> {line}" for line in typed.split("\n"))
    assert words_of(message(f"{opening}{quote}")) == f"{before}{words}"
    assert words_of(message(f"{opening}```\n{typed}\n```")) == f"{before}{typed}"


def test_an_earlier_message_that_is_quoted_below_a_draft_keeps_its_marks() -> None:
    typed = "review\nHi Dana,\nThis never leaks.\n> Does it leak?\n> Dana"
    assert words_of(message(typed)) == typed
    assert words_of(message("What does this mean?\n> It leaks.")) == "What does this mean?\n> It leaks."


def test_a_list_and_code_with_a_border_stand_in_the_quote() -> None:
    quote = {"type": "rich_text_quote", "elements": [text("She wrote:")]}
    code = {"type": "rich_text_preformatted", "elements": [text("x\ny")], "border": 1}
    assert read(section(text("Hm.\n")), quote, bullets(section(text("a")), border=1), code) == (
        "Hm.\n> She wrote:\n> - a\n> x\n> y"
    )


def test_an_item_of_several_lines_stays_one_item() -> None:
    item = section(text("one\n\ntwo"))
    assert read(bullets(item, indent=1)) == "    - one\n\n      two"
    assert read(bullets(item, style="ordered", offset=9)) == "10. one\n\n    two"


def test_parts_that_end_no_line_of_their_own_still_stand_on_lines_of_their_own() -> None:
    code = {"type": "rich_text_preformatted", "elements": [text("c")]}
    assert read(section(text("a")), section(text("b")), code, bullets(section(text("d"))), section()) == "a\nb\nc\n- d"


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ({"type": "link", "url": "https://x.y"}, "https://x.y"),
        ({"type": "link", "url": "https://x.y/a|b<c>&amp;"}, "https://x.y/a|b<c>&amp;"),
        ({"type": "link", "url": "https://x.y", "text": "our <site>"}, "our <site> (https://x.y)"),
        ({"type": "link", "url": "https://evil.example", "text": "acme.com"}, "acme.com (https://evil.example)"),
        ({"type": "link", "url": "http://acme.com/?a&b", "text": "acme.com/?a&b", "unsafe": True}, "acme.com/?a&b"),
        ({"type": "link", "url": "mailto:a@b.c", "text": "Ann"}, "Ann (a@b.c)"),
        ({"type": "link", "url": "tel:+4312", "text": "+43 12"}, "+43 12"),
        ({"type": "broadcast", "range": "everyone"}, "@everyone"),
        ({"type": "team", "team_id": "T1"}, "@T1"),
        ({"type": "color", "value": "#36C5F0"}, "#36C5F0"),
        ({"type": "date", "timestamp": 1, "format": "{date}", "fallback": "Feb 18 <3"}, "Feb 18 <3"),
        ({"type": "emoji", "name": "x", "unicode": "1F642"}, "\U0001f642"),
        ({"type": "emoji", "name": "x", "unicode": "d800"}, ":x:"),
        ({"type": "emoji", "name": "x", "unicode": "ffffff"}, ":x:"),
        ({"type": "emoji", "name": "x", "unicode": "not hex"}, ":x:"),
        ({"type": "emoji", "name": "x", "unicode": ["1f642"]}, ":x:"),
        ({"type": "text", "text": "<@U1> &lt; <!here>", "style": {"code": True}}, "<@U1> &lt; <!here>"),
    ],
)
def test_each_element_is_what_was_typed(element: Json, words: str) -> None:
    assert read(section(element)) == words


def test_names_that_only_the_text_has_are_taken_from_it() -> None:
    elements = [
        {"type": "channel", "channel_id": "C1"},
        {"type": "usergroup", "usergroup_id": "S1"},
        {"type": "user", "user_id": "U2"},
        {"type": "user", "user_id": "U3"},
    ]
    handed_over = "*<#C1|general>* <!subteam^S1|@sales> <@U2|ann> <@U3>"
    assert read(section(*elements), text=handed_over) == "#general@sales@ann@U3"
    forged = "&lt;#C1|general&gt;"
    assert read(section(elements[0]), text=forged) == "#C1"


_UNKNOWN: list[object] = [
    *(None, "", [], {}, 7, [None], ["rich_text"], [[]], [{}], [{"type": "section", "text": text("x")}]),
    [{"type": "rich_text"}],
    [{"type": "rich_text", "elements": None}],
    [{"type": ["rich_text"], "elements": []}],
    [*rich(section(text("x"))), *rich(section(text("y")))],
    [*rich(section(text("x"))), {"type": "divider"}],
    rich(),
    rich(section()),
    rich(text("x")),
    rich(None),
    rich({"type": "rich_text_poem", "elements": [text("x")]}),
    rich(section(section(text("x")))),
    rich(section(text("x"), {"type": "canvas", "id": "F1"})),
    rich(section(text("x"), {"type": ["text"], "text": "y"})),
    rich(section(text("x"), "y")),
    rich(section(text(7))),
    rich(section({"type": "text"})),
    rich(section({"type": "link", "text": "x"})),
    rich(section({"type": "link", "url": "https://x.y", "text": 7})),
    rich(section({"type": "user", "user_id": "U1> <!channel"})),
    rich(section({"type": "user"})),
    rich(section({"type": "channel", "channel_id": None})),
    rich(section({"type": "broadcast", "range": "nobody"})),
    rich(section({"type": "broadcast", "range": ["here"]})),
    rich(section({"type": "date", "timestamp": 1, "format": "{date}"})),
    rich(section({"type": "emoji"})),
    rich(bullets(section(text("x")), style="roman")),
    rich(bullets(section(text("x")), indent=9)),
    rich(bullets(section(text("x")), indent=-1)),
    rich(bullets(section(text("x")), indent="1")),
    rich(bullets(section(text("x")), style="ordered", offset=10**12)),
    rich(bullets(bullets(section(text("x"))))),
    rich(bullets(text("x"))),
]


@pytest.mark.parametrize("blocks", _UNKNOWN, ids=lambda blocks: json.dumps(blocks)[:60])
def test_what_the_composer_does_not_make_is_read_from_the_text(blocks: object) -> None:
    assert words_of({"text": "*a* &lt; <@U2|ann>", "blocks": blocks}) == "*a* < @ann"


def test_a_message_without_text_is_an_empty_one() -> None:
    for made in ({}, {"text": None}, {"text": 7}, {"text": "", "blocks": rich()}):
        assert words_of(made) == ""
    assert words_of({"blocks": rich(section(text("a")))}) == "a"


def nested(depth: int) -> Json:
    block = section(text("x"))
    for _ in range(depth):
        block = section(block)
    return block


HOSTILE: Mapping[str, Any] = {
    "one long text": [section(text("<&>\n" * (LONG // 4)))],
    "a long quote": [section(text("Hm.\n")), {"type": "rich_text_quote", "elements": [text("\n" * LONG)]}],
    "a long item": [bullets(section(text("\na" * (LONG // 2))), indent=8)],
    "as many elements as are read": [section(*[text("x" * 20)] * (MOST_ELEMENTS - 3))],
    "too many elements": [section(*[text("x")] * LONG)],
    "too many parts": [section(text("x"))] * LONG,
    "long links": [section({"type": "link", "url": "a:" * LONG, "text": "mailto:" * (LONG // 7)})],
    "a long emoji": [section({"type": "emoji", "name": "x", "unicode": "1f-" * LONG})],
    "mentions": [section(*[{"type": "user", "user_id": "U1"}] * (MOST_ELEMENTS - 3))],
    "sections in sections": [nested(100_000)],
    "white space around a quote": [section(text("review" + " " * LONG)), {"type": "rich_text_quote", "elements": []}],
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("handed_over", ["", "<@U1|" * (LONG // 5), "<@U1>" * (LONG // 5)])
def test_hostile_blocks_take_no_longer_than_their_length(name: str, handed_over: str) -> None:
    made = {"text": handed_over, "blocks": rich(*HOSTILE[name])}
    began = time.process_time()
    words_of(made)
    assert time.process_time() - began < SECONDS


def test_more_elements_than_are_read_are_read_from_the_text() -> None:
    assert read(section(*[text("x")] * (MOST_ELEMENTS - 2))) == "x" * (MOST_ELEMENTS - 2)
    assert read(section(*[text("x")] * (MOST_ELEMENTS - 1))) == WRONG


_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.sampled_from(["text", "U1", "bullet", "rich_text_section", "x"])
)
_KEYS = st.sampled_from(
    ["type", "text", "elements", "style", "indent", "offset", "border", "url", "user_id", "unicode"]
)
_TYPES = st.sampled_from(["rich_text", "rich_text_section", "rich_text_list", "text", "link", "user", "emoji"])
_BLOCKS = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(_KEYS, inner, max_size=4)
        | st.fixed_dictionaries({"type": _TYPES, "elements": st.lists(inner, max_size=3)})
    ),
    max_leaves=12,
)


@given(_BLOCKS | st.lists(_BLOCKS, min_size=1, max_size=1))
def test_any_blocks_are_read(blocks: object) -> None:
    assert isinstance(words_of({"text": "a", "blocks": blocks}), str)


FORMATTED = (
    DRAFT.replace("last forever", "*last forever*")
    .replace("never leaks", "_never_ leaks")
    .replace("Monday", "`Monday`")
)


async def rewritten(slack: Slack) -> str:
    """The draft that is ready to copy."""
    dm = slack.dm_of("U1")
    await told(slack, "U1", dm, "Rewritten draft")
    return "".join(box for each in said(slack, "U1", dm) if "Rewritten draft" in each.plain for box in boxes(each))


async def test_a_draft_that_was_typed_with_formatting_is_ready_to_copy_without_its_marks(coached: Served) -> None:
    slack = coached.slack
    assert FORMATTED != DRAFT
    await slack.say("U1", slack.dm_of("U1"), f"review {FORMATTED}", formatted=True)
    assert await rewritten(slack) == REWRITTEN
    assert pings(slack) == []


async def test_a_draft_that_was_given_in_a_channel_with_formatting_is_too(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1")
    await slack.say("U1", "C1", f"*<@{BOT_USER}>* review {FORMATTED}", formatted=True)
    assert await rewritten(slack) == REWRITTEN


async def test_a_formatted_message_that_is_reviewed_from_its_menu_is_too(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U2", "C1", FORMATTED, formatted=True)
    await slack.shortcut("U1", "C1", ts)
    assert await rewritten(slack) == REWRITTEN
