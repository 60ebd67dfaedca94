import html
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.channels.teams.render.markdown import MAX_TEXT, bold, escaped, escaped_words, parts, texts
from bot.channels.visible import visible
from tests.slack.rendering import nasty_texts, unhurried

_READER = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"])
_WORDS = {"inline", "text", "text_special", "hardbreak", "paragraph_open", "paragraph_close"}
_MARKUP = "[]()<>!\\`~:&#\"'*_+-=|{}.>1 2\t\nab@/"

marked_up = st.one_of(
    nasty_texts,
    st.text(_MARKUP, max_size=60),
    st.lists(
        st.sampled_from(
            [
                "<at>Ann</at>",
                "<b>x</b>",
                "&lt;",
                "&#35;",
                "&amp;amp;",
                "<!-- a",
                "1. one\n",
                "12) two\n",
                "- a\n",
                "    code\n",
                "a\n===\n",
                "a\n---\n",
                "| a | b |\n|---|---|\n",
                "[1]: http://evil.example\n",
                "[1](http://evil.example)",
                "https://acme.com/a_b_c?d=_e_&f=*g*",
                "{.x}",
                "__a__",
                "  \n",
                "\\\n",
            ]
        ),
        max_size=8,
    ).map("".join),
)


def tokens(text: str) -> Iterator[Token]:
    for token in _READER.parse(text):
        yield token
        yield from token.children or ()


def read(text: str) -> list[str]:
    """The lines that a reader of Markdown shows, from its HTML."""
    shown = _READER.render(text).replace("<br />\n", "\n").replace("</p>\n<p>", "\n").removesuffix("\n")
    return [html.unescape(line) for line in re.sub(r"</?p>", "", shown).split("\n")]


def lines(text: str) -> list[str]:
    """The lines of a text that are not blank; a run of spaces looks like one, but before a line."""
    return [shown for line in text.split("\n") if (shown := spaced(line)).strip()]


def spaced(line: str) -> str:
    plain = line.replace("\N{NO-BREAK SPACE}", " ").rstrip()
    words = plain.lstrip(" \t")
    indent = plain[: len(plain) - len(words)].expandtabs(4)
    return indent + re.sub(r"[ \t]+", " ", words)


@unhurried
@given(marked_up)
def test_escaped_text_is_read_as_exactly_its_characters(text: str) -> None:
    assert [line for each in read(escaped(text)) for line in lines(each)] == lines(visible(text))


@unhurried
@given(marked_up)
def test_nothing_but_words_and_lines_comes_of_escaped_text(text: str) -> None:
    made = escaped(text)
    assert {token.type for token in tokens(made)} <= _WORDS
    assert not set("<>") & set(made)


@unhurried
@given(marked_up, marked_up)
def test_what_stands_within_other_text_stays_on_its_line(label: str, words: str) -> None:
    made = f"{bold(label)} and {escaped_words(words)}"
    (line,) = read(re.sub(r"^\*\*|\*\*(?= and )", "", made, count=2)) or [""]
    assert line.split() == [*" ".join(visible(label).split()).split(), "and", *visible(words).split()]
    assert {token.type for token in tokens(made)} <= {*_WORDS, "strong_open", "strong_close"}


@unhurried
@given(st.one_of(nasty_texts, st.text("&<a\n\t ", min_size=1, max_size=30).map(lambda unit: unit * 1_000)))
def test_parts_of_any_text_fit_a_message_and_are_all_of_it(text: str) -> None:
    made = parts(text)
    assert "".join(made) == text
    assert all(len(escaped(part)) <= MAX_TEXT for part in made)


@unhurried
@given(st.lists(st.integers(1, MAX_TEXT).map("x".__mul__), max_size=12))
def test_blocks_go_in_order_into_as_many_texts_as_they_need(blocks: list[str]) -> None:
    made = texts(iter(blocks))
    assert [block for text in made for block in text.split("\n\n")] == blocks
    assert all(len(text) <= MAX_TEXT for text in made)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("It is so [1][2].", "It is so [1][2]."),
        ("[here](http://evil.example)", "\\[here\\](http://evil.example)"),
        ("[1](http://evil.example)", "[1]\\(http://evil.example)"),
        ("<at>Ann</at>", "&lt;at&gt;Ann&lt;/at&gt;"),
        ("AT&amp;T", "AT&amp;amp;T"),
        ("One.\nTwo.", "One.  \nTwo."),
        ("- item", "\\- item"),
        ("10. ten", "10\\. ten"),
        ("https://acme.com/a_b", "https://acme.com/a_b"),
        ("a_b", "a\\_b"),
        ("  two", "&#160;\N{NO-BREAK SPACE}two"),
        ("{x}", "\\{x\\}"),
    ],
)
def test_text_is_escaped_no_more_than_it_has_to_be(text: str, made: str) -> None:
    assert escaped(text) == made
