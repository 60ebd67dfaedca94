from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.channels.slack.render.escape import MarkdownPieces, is_plain, mrkdwn, unescaped
from bot.channels.visible import visible
from tests.slack.loopback.mrkdwn import mrkdwn_pings, plain_markdown
from tests.slack.loopback.workspace import Workspace
from tests.slack.rendering import nasty_texts, unhurried

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_MADE = {"link_open", "image", "code_inline", "fence", "html_inline", "html_block", "s_open"}
_MARKUP = "[]()<>!\\`~:&#\"' \n\r1a"


def markdown(text: str) -> str:
    """A text escaped in one piece."""
    pieces = MarkdownPieces()
    return pieces.escape(text) + pieces.rest()


def made_of(text: str) -> set[str]:
    """What a reader of Markdown makes of a text beside words, emphasis, headings and lists."""
    tokens = _MARKDOWN.parse(text)
    kinds = {token.type for token in tokens} | {child.type for token in tokens for child in token.children or ()}
    return kinds & _MADE


@unhurried
@given(nasty_texts)
def test_escaped_mrkdwn_pings_nobody_and_reads_as_before(text: str) -> None:
    shown = mrkdwn(text)
    assert not [ping for ping in mrkdwn_pings(shown) if ping.startswith("<")]
    assert not set("<>") & set(shown)
    assert unescaped(shown) == visible(text)


@unhurried
@given(st.one_of(nasty_texts, st.text(_MARKUP, max_size=60)))
def test_no_link_image_code_or_html_comes_of_escaped_markdown(text: str) -> None:
    assert made_of(markdown(text)) == set()


@unhurried
@given(st.one_of(nasty_texts, st.text(_MARKUP, max_size=60)), st.data())
def test_text_in_pieces_is_escaped_as_the_whole_is(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=20).map(sorted))
    pieces = MarkdownPieces()
    shown = [pieces.escape(text[start:end]) for start, end in pairwise([0, *cuts, len(text)])]
    assert "".join([*shown, pieces.rest()]) == markdown(text)


@unhurried
@given(st.text("[]()<>!\\`~*:&;\"'1alt", max_size=60))
def test_escaped_markdown_reads_as_before(text: str) -> None:
    (inline,) = (token for token in _MARKDOWN.parse(markdown(f"It{text}")) if token.type == "inline")
    assert "".join(child.content for child in inline.children or ()) == f"It{text}"


def test_lines_and_paragraphs_end_where_they_ended() -> None:
    shown = markdown("Say this.\nNot that.\r\nWhy.\n\nNext.")
    assert plain_markdown(Workspace(), shown).split("\n") == ["Say this.", "Not that.", "Why.", "Next."]
    assert [token.type for token in _MARKDOWN.parse(shown)].count("paragraph_open") == 2


def test_citation_marks_and_addresses_stay_as_they_are() -> None:
    text = "It is so [1][2]. See https://acme.com/a_b, www.acme.com or ann@acme.com [12]."
    assert markdown(text) == text


def test_what_may_still_become_a_link_waits_for_what_follows() -> None:
    pieces = MarkdownPieces()
    assert pieces.escape("See [1") == "See "
    assert pieces.escape("]") == ""
    assert pieces.escape("(http://evil.example)") == "[1]\\(http://evil.example)"
    assert pieces.escape("[2]") == ""
    assert pieces.rest() == "[2]"


@pytest.mark.parametrize("unit", ["[", "[1", "[1]", "\\", "`", "\r", "&", "[1]("])
def test_pieces_of_one_character_hold_back_no_more_than_a_mark(unit: str) -> None:
    pieces = MarkdownPieces()
    for character in unit * 50:
        pieces.escape(character)
    assert len(pieces.rest()) <= 2 * len("[123]")


def test_what_controls_a_display_is_replaced() -> None:
    assert visible("a\r\nb\rc\td\x1be\u202ef\ud800g") == "a\nb\nc\td?e?f?g".replace("?", "\N{REPLACEMENT CHARACTER}")


@unhurried
@given(st.one_of(nasty_texts, st.text(_MARKUP + "*_#>|-=.)", max_size=60)).filter(is_plain))
def test_a_plain_text_is_read_as_it_stands_in_any_markdown(text: str) -> None:
    shown = markdown(text)
    assert shown.replace("  \n", "\n") == visible(text)
    assert {token.type for token in _MARKDOWN.parse(shown)} <= {"paragraph_open", "inline", "paragraph_close"}


@pytest.mark.parametrize("text", ["# x", "a_b", "- item", "1. one", "a\n===", "    code", "http://x", "[x](y)", "x|y"])
def test_a_text_that_markdown_may_read_otherwise_is_not_plain(text: str) -> None:
    assert not is_plain(text)
