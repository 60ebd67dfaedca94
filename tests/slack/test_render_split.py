import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.split import ELLIPSIS, shortened, split
from tests.slack.rendering import nasty_texts, unhurried

SECONDS = 2.0


@unhurried
@given(
    st.one_of(nasty_texts, st.text("ab. \n\r!\N{COMBINING ACUTE ACCENT}\N{ZERO WIDTH JOINER}")), st.integers(1, 4_000)
)
def test_parts_joined_are_the_text_and_none_is_too_long(text: str, limit: int) -> None:
    parts = split(text, limit)
    assert "".join(parts) == text
    assert all(0 < len(part) <= limit for part in parts)


@pytest.mark.parametrize(
    ("text", "limit", "parts"),
    [
        ("One. Two.\nThree.\n\nFour. Five.", 24, ("One. Two.\nThree.\n\n", "Four. Five.")),
        ("One. Two.\nThree. Four.", 16, ("One. Two.\n", "Three. Four.")),
        ("One is. Two is three.", 14, ("One is. ", "Two is three.")),
        ("He said \u201cno.\u201d Then he left.", 22, ("He said \u201cno.\u201d ", "Then he left.")),
        ("one two three", 10, ("one two ", "three")),
        ("onetwothree", 6, ("onetwo", "three")),
        ("A\n\n" + "b" * 14, 15, ("A\n\nbbbbbbbbbbbb", "bb")),
        ("", 5, ()),
    ],
)
def test_a_part_ends_where_a_reader_would_pause(text: str, limit: int, parts: tuple[str, ...]) -> None:
    assert split(text, limit) == parts


@pytest.mark.parametrize(
    "character",
    [
        "e\N{COMBINING ACUTE ACCENT}",
        "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}",
        "\N{THUMBS UP SIGN}\N{EMOJI MODIFIER FITZPATRICK TYPE-3}",
        "\N{REGIONAL INDICATOR SYMBOL LETTER A}\N{REGIONAL INDICATOR SYMBOL LETTER T}",
        "\ud83d\ude00",
        "\N{HEAVY BLACK HEART}\N{VARIATION SELECTOR-16}",
    ],
)
@pytest.mark.parametrize("lead", ["", "x"])
def test_what_reads_as_one_character_is_not_torn(character: str, lead: str) -> None:
    for part in split(lead + character * 30, 10):
        assert part.removeprefix(lead).replace(character, "") == ""
        assert not unicodedata.combining(part[0])


@pytest.mark.parametrize(
    "unit", [" ", "\n", "\r\n", ". ", '."', "a", "\N{COMBINING ACUTE ACCENT}", "\N{ZERO WIDTH JOINER}"]
)
def test_any_text_is_split_in_time_that_grows_with_its_length(unit: str) -> None:
    began = time.process_time()
    split(unit * (500_000 // len(unit)), 3_000)
    assert time.process_time() - began < SECONDS


@unhurried
@given(nasty_texts, st.integers(2, 200))
def test_a_shortened_text_is_its_beginning(text: str, limit: int) -> None:
    short = shortened(text, limit)
    assert len(short) <= limit
    assert short == text if len(text) <= limit else text.startswith(short.removesuffix(ELLIPSIS))


def test_no_part_can_have_less_than_one_character() -> None:
    with pytest.raises(ValueError, match="at least 1, not 0"):
        split("a", 0)
