import time
from collections.abc import Iterable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.review_words import DRAFT_LABEL, NOTES_LABEL, summary
from bot.channels.teams.render.choices import KEEP, UNMEANT, USE, reason_id, show_id
from bot.channels.teams.render.drafts import MAX_DRAFT, USUAL_PART, draft_parts
from bot.channels.teams.render.message import Message
from bot.channels.teams.render.review import MAX_BUTTONED, MAX_CARDS, messages_about, review_messages
from bot.channels.visible import visible
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.open_reviews import MAX_REASON
from bot.core.replies import Fallback, Finding
from tests.slack.test_render_review import ROW, choices, review_of, reviews
from tests.teams.rendering import (
    Json,
    cards_of,
    check,
    contains,
    joined,
    parts_of,
    pressed,
    seen,
    seen_of,
    sent,
    titles,
)

ID = "teams:t/a:1abc/1700000000000"
SMALL = review_of([("Hi,\n", "It never leaks.", "It holds ten years.")], "\nBye")
unhurried = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def copied(messages: Iterable[Message]) -> str:
    """What stands in the fields of the rewritten draft."""
    return "".join(str(field.get("value", "")) for field in fields(messages) if DRAFT_LABEL in str(field["label"]))


def fields(messages: Iterable[Message]) -> list[Json]:
    return [dict(each) for card in cards_of(messages) for each in parts_of(card, "Input.Text")]


def about(messages: Iterable[Message]) -> list[object]:
    """What each message is about, whatever was decided."""
    return [[(verb, data) for verb, data in pressed([message])] for message in messages]


@unhurried
@given(st.data())
def test_whatever_the_draft_and_the_choices_the_same_messages_are_whole(data: st.DataObject) -> None:
    review = data.draw(reviews())
    opened = data.draw(choices(review))
    made = review_messages(opened, ID)
    check(made)
    assert about(made) == about(review_messages(OpenReview(review), ID))
    assert copied(made) == (visible(opened.rewritten) if review.edits else "")
    shown = joined(seen_of(replace(each, text="") for each in made))  # what says which part it is stands between
    for words in (*(edit.before for edit in review.edits), *(edit.after for edit in review.edits)):
        assert joined(words) in shown
    for finding in (*review.findings, *review.notes):
        assert joined(finding.row.why) in shown
        assert joined(finding.quote) in shown
    for place, chosen in opened.chosen.items():
        assert place >= len(review.edits) or chosen.choice is not Choice.KEEP or joined(chosen.reason.strip()) in shown


@settings(unhurried, max_examples=30)
@given(st.data())
def test_the_messages_about_a_replacement_are_those_that_its_choices_change(data: st.DataObject) -> None:
    review = data.draw(reviews().filter(lambda review: bool(review.edits)))
    opened = data.draw(choices(review))
    place = data.draw(st.integers(0, len(review.edits) - 1))
    others = [replace(opened, chosen={**opened.chosen, place: Chosen(choice)}) for choice in Choice]
    rendered = [review_messages(each, ID) for each in others]
    changing = [number for number, each in enumerate(zip(*rendered, strict=True)) if len(set(map(repr, each))) > 1]
    messages = review_messages(opened, ID)
    assert list(messages_about(opened, ID, place, messages)) == [(number, messages[number]) for number in changing]


def test_a_small_review_is_one_card_with_the_draft() -> None:
    made = review_messages(OpenReview(SMALL), ID)
    (message,) = made
    check(made)
    assert seen(message).splitlines() == [
        "1 sentence says what the guide says not to say. Below: what to say instead.",
        "You wrote",
        "It never leaks.",
        "Say instead",
        "It holds ten years.",
        "Why it matters",
        "Keeps a promise.",
        "Names a year.",
        "[Use this]",
        "[Keep mine]",
        "Why do they stay?",
        "☐ My words may be shown to the guide's owner with this",
        "[Keep mine]",
        "[Not what I meant]",
        DRAFT_LABEL,
        "Hi,",
        "It holds ten years.",
        "Bye",
        "Prompt version 3 \N{MIDDLE DOT} lessons engine",
    ]
    data = {"review": ID, "place": 0, "part": 0}
    assert pressed(made) == [(USE, data), (KEEP, data), (UNMEANT, data)]
    assert sent(message)["summary"] == summary(SMALL)


def test_only_keeping_ones_words_sends_what_was_typed() -> None:
    (card,) = cards_of(review_messages(OpenReview(SMALL), ID))
    sends = {each["verb"]: each.get("associatedInputs") for each in parts_of(card, "Action.Execute")}
    assert sends == {USE: "none", KEEP: None, UNMEANT: "none"}
    (asked,) = parts_of(card, "Action.ShowCard")
    assert [each["id"] for each in asked["card"]["body"]] == [reason_id(0), show_id(0)]


@pytest.mark.parametrize(
    ("decision", "said", "texts"),
    [
        (Chosen(Choice.USE), "You use these words.", ["\N{CHECK MARK} Use this", "Keep mine", "Not what I meant"]),
        (
            Chosen(Choice.KEEP, "It is a quote."),
            "You keep your words: It is a quote.",
            ["Use this", "\N{CHECK MARK} Keep mine", "Not what I meant"],
        ),
        (
            Chosen(Choice.NOT_MEANT),
            "Not what you meant: your words stay.",
            ["Use this", "Keep mine", "\N{CHECK MARK} Not what I meant"],
        ),
    ],
)
def test_a_decision_is_shown_and_can_be_changed(decision: Chosen, said: str, texts: list[str]) -> None:
    made = review_messages(OpenReview(SMALL, {0: decision}), ID)
    assert said in seen_of(made).splitlines()
    assert titles(made) == texts
    assert copied(made) == f"Hi,\nIt {'holds ten years' if decision.choice is Choice.USE else 'never leaks'}.\nBye"


@pytest.mark.parametrize("count", [2, 12, 60])
def test_every_replacement_has_its_choices_and_says_which_message_they_stand_in(count: int) -> None:
    review = review_of([("So.\n", "It never leaks.", "It holds ten years.")] * count)
    every = dict.fromkeys(range(count), Chosen(Choice.KEEP, "\N{HONEYBEE}" * MAX_REASON))
    made = review_messages(OpenReview(review, every), ID)
    check(made)
    assert about(made) == about(review_messages(OpenReview(review), ID))
    assert [data["place"] for verb, data in pressed(made) if verb == USE] == list(range(count))
    for number, message in enumerate(made):
        assert {data["part"] for _, data in pressed([message])} <= {number}


def test_replacements_beyond_those_with_choices_are_listed_and_that_is_said() -> None:
    pieces = [("So.\n", f"It never leaks, {number}.", f"It holds {number} years.") for number in range(1, 81)]
    made = review_messages(OpenReview(review_of(pieces)), ID)
    check(made)
    shown = seen_of(made)
    assert len([verb for verb, _ in pressed(made) if verb == USE]) == MAX_BUTTONED
    assert "20 more replacements\nNumbers 61 to 80 have no buttons: the new words stand in the rewritten draft" in shown
    assert all(
        f"It never leaks, {number}." in shown and f"It holds {number} years." in shown for number in range(1, 81)
    )


def test_more_replacements_than_messages_hold_are_counted() -> None:
    pieces = [("So.\n", f"It never leaks, {number}.", f"It holds {number} years.") for number in range(1, 3_001)]
    note = Finding(ROW, 0, 2, "Is it so?", 0.5)
    made = review_messages(OpenReview(review_of(pieces, notes=(note, note))), ID)
    check(made)
    shown = seen_of(made)
    last = shown.count("You wrote")
    assert f"Numbers {last + 1:,} to 3,000 are not shown" in shown
    assert f"It never leaks, {last}." in shown
    assert f"{NOTES_LABEL}: 2, not shown here." in shown
    assert len(made) < 2 * MAX_CARDS


def test_a_long_review_is_shown_soon() -> None:
    opened = OpenReview(review_of([("So.\n", "It never leaks.", "It holds ten years.")] * 3_000))
    began = time.process_time()
    list(messages_about(opened, ID, 10, review_messages(opened, ID)))
    assert time.process_time() - began < 2


def test_a_draft_without_claims_is_said_to_have_none() -> None:
    (message,) = review_messages(OpenReview(review_of([], "Hi")), ID)
    check([message])
    assert seen(message).splitlines() == [
        "Nothing to change: the draft makes no claim that the guide says not to make.",
        "Prompt version 3 \N{MIDDLE DOT} lessons engine",
    ]


def test_notes_are_listed_without_choices() -> None:
    note = Finding(ROW, 0, 2, "Hi", 0.5)
    made = review_messages(OpenReview(review_of([], "Hi", notes=(note, note))), ID)
    assert seen_of(made).splitlines()[1:7] == [
        f"{NOTES_LABEL}:",
        "Hi",
        "The guide would say",
        "It holds ten years.",
        "Why it matters",
        "Keeps a promise.",
    ]
    assert seen_of(made).count(NOTES_LABEL) == 1
    assert pressed(made) == []


def test_who_replied_in_whose_place_is_said() -> None:
    shown = seen_of(review_messages(OpenReview(replace(SMALL, fallback=Fallback.SLOW, prompt_stale=True)), ID))
    assert "version 3 of the system prompt, the last one known" in shown
    assert "Claude took too long" in shown


def test_words_to_leave_out_are_said_to_be() -> None:
    made = review_messages(OpenReview(review_of([("Hi. ", "It never leaks.", "")])), ID)
    assert "Leave it out" in seen_of(made).splitlines()
    assert "Say instead" not in seen_of(made)


def test_a_long_draft_comes_in_fields_that_joined_are_all_of_it() -> None:
    paragraph = "A line of a letter that goes on.\n" * 20 + "\n"
    review = review_of([(paragraph * 20, "It never leaks.", "It holds ten years.")], "\n\n" + paragraph * 20)
    made = review_messages(OpenReview(review), ID)
    check(made)
    parts = [each for each in fields(made) if DRAFT_LABEL in str(each["label"])]
    assert [each["label"] for each in parts] == [
        f"{DRAFT_LABEL}, part {number} of {len(parts)}" for number in range(1, len(parts) + 1)
    ]
    assert len(parts) > 3
    assert all(str(each["value"]).endswith("\n\n") for each in parts[:-1])
    assert copied(made) == review.rewritten


@pytest.mark.parametrize("unit", ["x", "\N{HONEYBEE}", '"', "\r\n"])
def test_words_longer_than_a_field_take_as_many_fields_whatever_is_decided(unit: str) -> None:
    review = review_of([("Hi.\n", unit * USUAL_PART * 3, "It holds."), (" ", "No.", unit * USUAL_PART * 2)], "\nBye.")
    for decided in ({}, {0: Chosen(Choice.KEEP)}, {0: Chosen(Choice.KEEP), 1: Chosen(Choice.KEEP)}):
        opened = OpenReview(review, decided)
        made = review_messages(opened, ID)
        check(made)
        assert copied(made) == visible(opened.rewritten)
        assert len(draft_parts(opened) or ()) == len(draft_parts(OpenReview(review)) or ())
        assert len(made) == len(review_messages(OpenReview(review), ID))


def test_a_draft_too_long_for_teams_is_said_to_be() -> None:
    review = review_of([("Hi.\n" * MAX_DRAFT, "It never leaks.", "It holds ten years.")])
    made = review_messages(OpenReview(review), ID)
    check(made)
    assert contains(seen_of(made), "The rewritten draft is too long for Teams. Send the draft in parts")
    assert copied(made) == ""


def test_without_an_id_there_is_nothing_to_press() -> None:
    made = review_messages(OpenReview(review_of([("", "Leaks.", "Holds.")], "Hi.\n" * 2_000)), "")
    check(made)
    assert pressed(made) == []
