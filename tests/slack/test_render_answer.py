from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.render.answer import MAX_BELOW, answer_blocks, answer_messages, rated
from bot.channels.slack.render.message import MAX_FALLBACK, Block, characters, messages
from bot.channels.slack.render.sources import sources_modal
from bot.core.replies import Answer, Citation, EngineName, Fallback
from tests.slack.loopback.flatten import Flattener
from tests.slack.loopback.seen import interactive
from tests.slack.loopback.view_rules import view_faults
from tests.slack.loopback.workspace import Workspace
from tests.slack.rendering import (
    ANSWER,
    NOT_COVERED,
    answers,
    check,
    citations,
    contains,
    joined,
    plain_json,
    seen,
    seen_of,
    unhurried,
)

THREAD = "slack:T1/D1/1.2"
RECORD = "slack:T1/D1/1.3"
kept = st.sampled_from([None, RECORD])


def boxes(blocks: tuple[Block, ...]) -> list[str]:
    """What stands ready to be copied."""
    return [
        "".join(run["text"] for run in element["elements"])
        for block in plain_json(blocks)
        for element in block.get("elements", ())
        if element["type"] == "rich_text_preformatted"
    ]


def values(blocks: tuple[Block, ...]) -> dict[str, str]:
    return {each["action_id"]: each.get("value", "") for each in interactive(plain_json(blocks))}


@unhurried
@given(answers, kept)
def test_a_whole_answer_is_whole_and_pings_nobody(answer: Answer, sources: str | None) -> None:
    made = answer_messages(answer, sources=sources, thread=THREAD)
    check(made)
    shown = seen_of(made)
    if answer.say is not None:
        assert contains(shown, answer.say)
    lines = (*answer.closest, *(answer.citations if sources is None else ()))
    assert all(contains(shown, line.quote) for line in lines)
    assert any("feedback" in values(message.blocks) for message in made)


@unhurried
@given(answers.filter(lambda answer: "Say:" not in answer.text))
def test_nothing_of_an_answers_text_is_lost(answer: Answer) -> None:
    shown = seen_of(answer_messages(answer, sources=None, thread=THREAD))
    assert joined(answer.text.strip("\r\n")) in joined(shown) or not answer.text.strip()


@unhurried
@given(answers, kept)
def test_what_stands_below_a_streamed_text_fits_beside_it(answer: Answer, sources: str | None) -> None:
    blocks = answer_blocks(answer, sources=sources, thread=THREAD)
    check(messages(blocks))
    assert len(messages(blocks)) == 1
    assert characters(blocks) < MAX_BELOW + MAX_FALLBACK
    shown = seen(blocks)
    missing = [
        line
        for line in (*answer.closest, *(answer.citations if sources is None else ()))
        if not contains(shown, line.quote)
    ]
    assert not missing or "not fit here" in shown


@unhurried
@given(citations)
def test_the_quotes_of_an_answer_open_whole(cited: tuple[Citation, ...]) -> None:
    view = sources_modal(cited)
    assert view_faults(view, "modal") == []
    shown = Flattener(Workspace()).blocks(view["blocks"])  # type: ignore[arg-type]
    assert all(contains(shown, line.quote) and contains(shown, line.lesson) for line in cited)
    assert list(Flattener(Workspace()).pings(view["blocks"])) == []


def test_more_quotes_than_a_form_holds_are_counted() -> None:
    view = sources_modal([replace(ANSWER.citations[0], n=n) for n in range(1, 131)])
    assert view_faults(view, "modal") == []
    assert "31 more do not fit here." in Flattener(Workspace()).blocks(view["blocks"])  # type: ignore[arg-type]


def test_an_answer_without_lines_opens_a_form_that_says_so() -> None:
    assert view_faults(sources_modal(()), "modal") == []


def test_what_to_say_stands_ready_to_copy_without_marks_and_quotation_marks() -> None:
    assert boxes(answer_blocks(ANSWER, sources=RECORD, thread=THREAD)) == ["It holds ten years."]
    (message,) = answer_messages(ANSWER, sources=RECORD, thread=THREAD)
    assert boxes(message.blocks) == ["It holds ten years."]
    said = 'Say: [1]\nIt holds ten years.\nNot: "It never leaks." [2]\n\nAsk for a visit <soon>. [1]'
    assert said in seen(message.blocks)


def test_every_approved_wording_of_an_answer_stands_ready_to_copy() -> None:
    answer = replace(ANSWER, text='First. [1]\n\nSay: "One [2] two." [3]\n\nSay: \u201cThree\u201d')
    assert boxes(answer_blocks(answer, sources=None, thread=THREAD)) == ["One two.", "Three"]


def test_the_sources_are_one_line_that_opens_to_the_quotes() -> None:
    blocks = answer_blocks(ANSWER, sources=RECORD, thread=THREAD)
    assert "Sources: [1][3] Care \N{MIDDLE DOT} [2] Guide" in seen(blocks)
    assert values(blocks)["sources"] == RECORD
    assert "Gutters need a look." not in seen(blocks)


def test_quotes_that_could_not_be_kept_stand_below_the_answer() -> None:
    blocks = answer_blocks(ANSWER, sources=None, thread=THREAD)
    assert "sources" not in values(blocks)
    assert "[3] roofs \N{MIDDLE DOT} Care\nGutters need a look." in seen(blocks)


def test_a_question_that_is_not_covered_shows_the_closest_lines() -> None:
    blocks = answer_blocks(NOT_COVERED, sources=None, thread=THREAD)
    assert "The closest lines:\nroofs \N{MIDDLE DOT} Care\nGutters need a look." in seen(blocks)
    assert "Sources" not in seen(blocks)
    assert "feedback" in values(blocks)


def test_a_click_on_a_thumb_says_which_answer_it_is_about() -> None:
    blocks = answer_blocks(ANSWER, sources=RECORD, thread=THREAD)
    (block,) = (block for block in blocks if block["type"] == "context_actions")
    assert rated(str(block["block_id"])) == (THREAD, ANSWER.id)
    assert rated("something|else|here") is None
    assert rated("feedback") is None


def test_an_answer_that_no_click_could_name_has_no_thumbs() -> None:
    assert "feedback" not in values(answer_blocks(ANSWER, sources=RECORD, thread=""))
    assert "feedback" not in values(answer_blocks(ANSWER, sources=RECORD, thread="t" * 300))


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, "Prompt version 3 \N{MIDDLE DOT} lessons engine"),
        (
            {"engine": EngineName.CLAUDE, "model": "claude-sonnet-4-5"},
            "Prompt version 3 \N{MIDDLE DOT} Claude (claude-sonnet-4-5)",
        ),
        ({"prompt_stale": True}, "The coach's store is away: version 3"),
        ({"fallback": Fallback.SLOW}, "Claude took too long, so this is in the lessons' own words."),
    ],
)
def test_it_says_who_answered_and_in_what_circumstances(changed: dict[str, object], told: str) -> None:
    answer = replace(ANSWER, **changed)  # type: ignore[arg-type]
    assert told in seen(answer_blocks(answer, sources=None, thread=THREAD))
    assert told in seen_of(answer_messages(answer, sources=None, thread=THREAD))
