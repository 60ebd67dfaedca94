import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from bot.channels.terminal.escaping import one_line, visible
from bot.channels.terminal.layout import words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("\x1b]0;title\x07", "\\x1b]0;title\\x07"),
        ("\x9b31m", "\\x9b31m"),
        ("hidden\rshown", "hidden\\x0dshown"),
        ("safe\u202egnp.exe", "safe\\u202egnp.exe"),
        ("\u2066isolate\u2069", "\\u2066isolate\\u2069"),
        ("\ud800", "\\ud800"),
        ("a\r\nb\tc", "a\nb\tc"),
    ],
)
def test_what_would_control_a_terminal_is_shown(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["שלום", "👩‍👩‍👧", "naïve — “quotes”", "می‌خواهم", "[bold]x[/bold] :smile:"])
def test_people_s_letters_and_emoji_stay(text: str) -> None:
    assert visible(text) == text == one_line(text)


@given(st.text(st.characters(exclude_categories=())))
def test_one_line_is_one_line_that_can_be_written(text: str) -> None:
    line = one_line(text)
    line.encode()
    assert len(line.splitlines()) <= 1
    assert not re.search(r"[\x00-\x1f\x7f-\x9f]", line)


def test_markup_of_the_printing_library_is_never_interpreted() -> None:
    file = io.StringIO()
    Console(file=file, force_terminal=True, color_system="truecolor").print(
        words("[red]x[/red] [link=http://e]y[/link]")
    )
    assert file.getvalue() == "[red]x[/red] [link=http://e]y[/link]\n"
