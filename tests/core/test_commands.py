import time

import pytest

from bot.core.commands import (
    AskCommand,
    ForgetCommand,
    GuideCommand,
    HelpCommand,
    ReviewCommand,
    looks_like_email,
    parse,
)


@pytest.mark.parametrize("text", ["", "   ", "\n\t\n", "help", " Help! ", "/help", "?"])
def test_nothing_and_help_give_help(text: str) -> None:
    assert parse(text) == HelpCommand()


@pytest.mark.parametrize(
    "text", ["what is prompting?", "guided tours?", "reviewing drafts: how?", "helpful hints", "why"]
)
def test_other_text_is_a_question(text: str) -> None:
    assert parse(text) == AskCommand(text)


@pytest.mark.parametrize(
    ("text", "draft"),
    [
        ("review We can do it.", "We can do it."),
        ("Review: We can do it.", "We can do it."),
        ("review\nHi Ann,\r\n\r\nYes.\r\n", "Hi Ann,\r\n\r\nYes.\r\n"),
        ("/review this draft:\n  indented stays", "  indented stays"),
        ("review", ""),
    ],
)
def test_a_draft_after_review_is_kept_to_the_character(text: str, draft: str) -> None:
    assert parse(text) == ReviewCommand(draft)


@pytest.mark.parametrize(
    ("text", "words"), [("guide", ""), ("guide latency cost", "latency cost"), ("/guide: easy ", "easy")]
)
def test_guide_takes_words(text: str, words: str) -> None:
    assert parse(text) == GuideCommand(words)


@pytest.mark.parametrize("text", ["forget me", "Forget me.", "/forget me"])
def test_forget_me(text: str) -> None:
    assert parse(text) == ForgetCommand()


@pytest.mark.parametrize("opening", ["guide", "help", "forget me", "review", "review this", "/x", ""])
def test_long_runs_of_white_space_are_read_in_no_time(opening: str) -> None:
    started = time.process_time()
    for end in ("a\nb", "!\tx", ":\nx"):
        parse(opening + " " * 100_000 + end)
    assert time.process_time() - started < 1


def test_an_unknown_slash_command_gets_help_that_names_it() -> None:
    assert parse("/frobnicate now") == HelpCommand(about="/frobnicate")


@pytest.mark.parametrize(
    "text",
    [
        "Hi Dana,\n\nWe can start on Monday.\n\nBest,\nLee",
        "Subject: Pilot\nFrom: lee@example.com\n\nWe can start on Monday.",
        "Good morning Ravi,\r\nquick one.\r\nSee you.\r\n",
        "The pilot starts on Monday.\nWe bring the hardware.\n\nKind regards\nLee",
    ],
)
def test_a_pasted_email_is_a_draft(text: str) -> None:
    assert looks_like_email(text)
    assert parse(text) == ReviewCommand(text)


@pytest.mark.parametrize(
    "text",
    ["Hi, what is prompting?", "what is it?\nand why?\nand when?", "Best approach for a small agency?"],
)
def test_a_question_is_no_email(text: str) -> None:
    assert not looks_like_email(text)
