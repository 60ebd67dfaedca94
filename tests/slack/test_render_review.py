import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.draft_parts import MAX_DRAFT, MAX_PART, MAX_PARTS, USUAL_PART
from bot.channels.review_words import DRAFT_LABEL, NOTES_LABEL
from bot.channels.slack.render.cards import KEEP, UNMEANT, USE
from bot.channels.slack.render.message import Block, Message
from bot.channels.slack.render.review import (
    DRAFT_FILE,
    MAX_PAGES,
    SEND_DRAFT,
    messages_about,
    review_messages,
)
from bot.channels.slack.render.unshown import FINDINGS_FILE
from bot.channels.visible import visible
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.lessons import GuideRow
from bot.core.open_reviews import MAX_REASON
from bot.core.replies import Edit, EngineName, Fallback, Finding, Review
from bot.core.review import splice
from tests.slack.rendering import check, contains, nasty_texts, rows, seen, seen_of

ID = "slack:T1/D1/1700000000.000100"
ROW = GuideRow("roofs", "Guide", 2, "It never leaks", "It holds ten years.", "Keeps a promise.", 9)
OTHER = replace(ROW, row=3, why="Names a year.")

longer = st.builds(
    lambda line, count: line * count,
    st.sampled_from(["One line of a letter.\r\n", "A paragraph of it.\n\n", "words and ", "\N{HONEYBEE}", "\r\n"]),
    st.integers(1, 300),
)
gaps = st.one_of(longer, nasty_texts.map(lambda text: text[:6_000]))
words = st.one_of(st.just("It never leaks."), nasty_texts).map(lambda text: text[:12_000] or "x")
chosen = st.builds(Chosen, st.sampled_from(Choice), nasty_texts.map(lambda text: text[:MAX_REASON]))


def review_of(
    pieces: Sequence[tuple[str, str, str]], ending: str = "", *, row: GuideRow = ROW, notes: Sequence[Finding] = ()
) -> Review:
    """A review of a draft that is `pieces`, each of words that stay, words that go and words that come."""
    draft, edits, findings = "", list[Edit](), list[Finding]()
    for gap, before, after in pieces:
        start, end = len(draft) + len(gap), len(draft) + len(gap) + len(before)
        draft += gap + before
        edits.append(Edit(start, end, before, after))
        findings += [Finding(row, start, end, before, 0.9), Finding(OTHER, start, end, before, 0.9)]
    draft += ending
    return Review(
        draft=draft,
        findings=tuple(findings),
        notes=tuple(notes),
        edits=tuple(edits),
        rewritten=splice(draft, edits),
        engine=EngineName.LESSONS,
        latency_ms=1.0,
        prompt_version=3,
        prompt_stale=False,
    )


@st.composite
def reviews(draw: st.DrawFn) -> Review:
    row = draw(rows)
    noted = st.builds(Finding, st.just(row), st.just(0), st.just(1), nasty_texts, st.just(0.5))
    review = review_of(
        draw(st.lists(st.tuples(gaps, words, nasty_texts), max_size=5)),
        draw(gaps),
        row=row,
        notes=draw(st.lists(noted, max_size=3)),
    )
    fallback = draw(st.one_of(st.none(), st.sampled_from(Fallback)))
    return replace(review, fallback=fallback, prompt_stale=draw(st.booleans()))


def choices(review: Review) -> st.SearchStrategy[OpenReview]:
    places = st.integers(0, max(len(review.edits) - 1, 0))
    decided: st.SearchStrategy[dict[int, Chosen]] = st.dictionaries(places, chosen) if review.edits else st.just({})
    return decided.map(lambda each: OpenReview(review, each))


def parts_of(value: object, kind: str) -> Iterator[Mapping[str, object]]:
    """Every part of that kind, in order."""
    if isinstance(value, Mapping):
        if value.get("type") == kind:
            yield value
        for each in value.values():
            yield from parts_of(each, kind)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from parts_of(each, kind)


def buttons(blocks: Sequence[Block]) -> list[tuple[object, object]]:
    return [(button["action_id"], button.get("value")) for button in parts_of(blocks, "button")]


def labels(blocks: Sequence[Block]) -> list[str]:
    """The words in bold, without what is said of a decision."""
    bold = (str(run["text"]) for run in parts_of(blocks, "text") if run.get("style") == {"bold": True})
    return [text for text in bold if not text.startswith(("You use", "You keep", "Not what you"))]


def about(messages: Sequence[Message]) -> list[object]:
    """What each message is about."""
    return [(labels(message.blocks), buttons(message.blocks)) for message in messages]


def carded(messages: Sequence[Message]) -> list[int]:
    """The places of the replacements that have a card whose buttons are there."""
    values = (str(value) for message in messages for id_, value in buttons(message.blocks) if id_ == UNMEANT)
    return [int(value.removeprefix(f"{ID}|")) for value in values]


def drafts(messages: Sequence[Message]) -> list[Message]:
    return [message for message in messages if "".join(labels(message.blocks)).startswith(DRAFT_LABEL)]


def copied(messages: Sequence[Message]) -> str:
    """What stands in the boxes of the rewritten draft."""
    boxes = (box for message in drafts(messages) for box in parts_of(message.blocks, "rich_text_preformatted"))
    return "".join(str(run["text"]) for box in boxes for run in parts_of(box["elements"], "text"))


def decided_buttons(opened: OpenReview) -> list[str]:
    """The buttons of the one card, as they read."""
    card = review_messages(opened, ID).messages[0]
    texts = (button["text"] for button in parts_of(card.blocks, "button"))
    return [str(text["text"]) for text in texts if isinstance(text, Mapping)]


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(st.data())
def test_whatever_the_draft_and_the_choices_the_same_messages_are_whole_and_within_slacks_limits(
    data: st.DataObject,
) -> None:
    review = data.draw(reviews())
    undecided, opened = OpenReview(review), data.draw(choices(review))
    made = review_messages(opened, ID)
    check(made.messages)
    assert len(made.messages) <= MAX_PAGES + MAX_PARTS
    assert about(made.messages) == about(review_messages(undecided, ID).messages)
    files = dict(made.files)
    assert files.get(DRAFT_FILE, opened.rewritten) == opened.rewritten
    if DRAFT_FILE not in files:
        assert copied(made.messages) == (visible(opened.rewritten) if review.edits else "")
    cards = carded(made.messages)
    assert cards == list(range(len(cards)))
    shown = seen_of(made.messages)
    for place in cards:
        assert contains(shown, opened.chosen[place].reason.strip() if is_reasoned(opened, place) else "")
    shown += files.get(FINDINGS_FILE, "")
    for edit in review.edits:
        assert contains(shown, edit.before)
        assert contains(shown, edit.after if edit.after.strip() else "")
    for finding in (*review.findings, *review.notes):
        assert contains(shown, finding.row.why if finding.row.why.strip() else "")
        assert contains(shown, finding.quote)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], deadline=None)
@given(st.data())
def test_the_messages_about_a_replacement_are_those_that_its_choices_change(data: st.DataObject) -> None:
    review = data.draw(reviews().filter(lambda review: bool(review.edits)))
    opened = data.draw(choices(review))
    place = data.draw(st.integers(0, len(review.edits) - 1))
    others = [replace(opened, chosen={**opened.chosen, place: Chosen(choice)}) for choice in Choice]
    rendered = [review_messages(each, ID).messages for each in others]
    changing = [number for number, each in enumerate(zip(*rendered, strict=True)) if len(set(map(repr, each))) > 1]
    messages = review_messages(opened, ID).messages
    assert list(messages_about(opened, ID, place)) == [(number, messages[number]) for number in changing]


def is_reasoned(opened: OpenReview, place: int) -> bool:
    return place in opened.chosen and opened.chosen[place].choice is Choice.KEEP


@pytest.mark.parametrize("count", [1, 15, 16, 17, 60])
def test_every_replacement_has_its_card_however_many_there_are(count: int) -> None:
    review = review_of([("So.\n", "It never leaks.", "It holds ten years.")] * count)
    every = dict.fromkeys(range(count), Chosen(Choice.KEEP, "y" * MAX_REASON))
    made = review_messages(OpenReview(review, every), ID)
    check(made.messages)
    assert about(made.messages) == about(review_messages(OpenReview(review), ID).messages)
    assert carded(made.messages) == list(range(count))
    assert made.files == ()


def test_of_a_very_long_review_the_first_replacements_have_cards_and_the_others_are_listed_in_a_file() -> None:
    pieces = [("So.\n", f"It never leaks, {number}.", f"It holds {number} years.") for number in range(1, 501)]
    note = Finding(ROW, 0, 2, "Is it so?", 0.5)
    review = review_of(pieces, notes=(note, note))
    opened = OpenReview(review, {0: Chosen(Choice.NOT_MEANT)})
    made = review_messages(opened, ID)
    check(made.messages)
    assert about(made.messages) == about(review_messages(OpenReview(review), ID).messages)
    assert len(made.messages) == MAX_PAGES + 1
    count = len(carded(made.messages))
    assert carded(made.messages) == list(range(count))
    assert count > 100
    end = seen(made.messages[-1].blocks)
    assert f"{500 - count} more replacements" in end
    assert f"Numbers {count + 1} to 500 have no buttons" in end
    assert "the new words stand in the rewritten draft" in end
    assert f"{NOTES_LABEL}: 2\n" in end
    assert buttons(made.messages[-1].blocks) == [(SEND_DRAFT, ID)]
    draft, findings = made.files
    assert draft == (DRAFT_FILE, opened.rewritten)
    entries = findings[1].split("\n\n")
    assert findings[0] == FINDINGS_FILE
    assert entries[0].splitlines() == [
        f"{count + 1}. You wrote:",
        f"It never leaks, {count + 1}.",
        "Say instead:",
        f"It holds {count + 1} years.",
        "Why it matters:",
        "Keeps a promise.",
        "Names a year.",
    ]
    assert [entry.splitlines()[0] for entry in entries] == [
        *(f"{number}. You wrote:" for number in range(count + 1, 501)),
        f"{NOTES_LABEL}:",
        "Is it so?",
        "Is it so?",
    ]


def test_what_is_to_be_left_out_is_said_in_the_file_too() -> None:
    review = review_of([("So.\n", "x" * 9_000, "")] * 14)
    (_, findings) = review_messages(OpenReview(review), ID).files
    assert findings[1].startswith(f"13. You wrote:\n{'x' * 9_000}\nLeave it out.\nWhy it matters:\n")


@pytest.mark.parametrize(("count", "notes"), [(1, 0), (0, 1)])
def test_what_is_too_long_for_all_messages_together_is_in_the_file(count: int, notes: int) -> None:
    long = "x" * 10_000 * MAX_PAGES
    review = review_of([("So.\n", long, "Holds.")] * count, notes=(Finding(ROW, 0, 1, long, 0.5),) * notes)
    made = review_messages(OpenReview(review), ID)
    check(made.messages)
    assert len(made.messages) == 2
    assert ("1 replacement\nNumber 1 has no buttons" in seen(made.messages[-1].blocks)) is bool(count)
    assert contains(dict(made.files)[FINDINGS_FILE], long)
    assert (DRAFT_FILE in dict(made.files)) is bool(count)


def test_many_notes_end_in_the_file_and_who_replied_is_still_said() -> None:
    notes = [Finding(ROW, 0, 2, f"Is it so, {number}?", 0.5) for number in range(800)]
    made = review_messages(OpenReview(review_of([], "Hi", notes=notes)), ID)
    check(made.messages)
    assert len(made.messages) == MAX_PAGES + 1
    shown = seen_of(made.messages)
    ((name, text),) = made.files
    assert name == FINDINGS_FILE
    assert all((note.quote in shown) != (note.quote in text) for note in notes)
    assert f"{NOTES_LABEL}: {text.count('The guide would say:')} more" in shown
    assert "Prompt version 3" in seen(made.messages[-1].blocks)


@pytest.mark.parametrize("count", range(540, 640, 3))
def test_wherever_the_pages_end_nothing_of_the_notes_is_lost(count: int) -> None:
    notes = [Finding(ROW, 0, 2, f"Is it so, {number}?", 0.5) for number in range(count)]
    made = review_messages(OpenReview(review_of([], "Hi", notes=notes)), ID)
    shown = seen_of(made.messages) + "".join(text for _, text in made.files)
    assert all(note.quote in shown for note in notes)
    assert shown.count("Prompt version 3") == 1


def test_a_long_review_is_shown_soon_and_a_longer_one_as_soon() -> None:
    opened = OpenReview(review_of([("So.\n", "It never leaks.", "It holds ten years.")] * 4_000))
    began = time.process_time()
    review_messages(opened, ID)
    list(messages_about(opened, ID, 100))
    assert time.process_time() - began < 0.5


def test_a_card_says_what_was_written_what_to_say_instead_and_why() -> None:
    review = review_of([("Hi,\n", "It never leaks.", "It holds ten years.")], "\nBye")
    made = review_messages(OpenReview(review), ID).messages
    assert [seen(message.blocks).splitlines() for message in made] == [
        [
            "1 sentence says what the guide says not to say. Below: what to say instead.",
            "You wrote",
            "It never leaks.",
            "Say instead",
            "It holds ten years.",
            "Why it matters",
            "Keeps a promise.",
            "Names a year.",
            *seen(made[0].blocks).splitlines()[8:],
        ],
        [DRAFT_LABEL, "Hi,", "It holds ten years.", "Bye", *seen(made[1].blocks).splitlines()[4:]],
    ]
    assert buttons(made[0].blocks) == [(USE, f"{ID}|0"), (KEEP, f"{ID}|0"), (UNMEANT, f"{ID}|0")]
    assert decided_buttons(OpenReview(review)) == ["Use this", "Keep mine", "Not what I meant"]
    assert made[0].text == "1 sentence says what the guide says not to say. Below: what to say instead."


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
    opened = OpenReview(review_of([("", "It never leaks.", "It holds ten years.")]), {0: decision})
    made = review_messages(opened, ID).messages
    assert said in seen(made[0].blocks)
    assert decided_buttons(opened) == texts
    assert copied(made) == ("It holds ten years." if decision.choice is Choice.USE else "It never leaks.")


def test_a_draft_without_claims_is_one_message_without_the_draft() -> None:
    made = review_messages(OpenReview(review_of([], "Hi")), ID)
    (message,) = made.messages
    assert seen(message.blocks).startswith("Nothing to change: the draft makes no claim")
    assert "Prompt version 3" in seen(message.blocks)
    assert made.files == ()


def test_notes_are_listed_without_buttons() -> None:
    note = Finding(ROW, 0, 2, "Hi", 0.5)
    (message,) = review_messages(OpenReview(review_of([], "Hi", notes=(note,))), ID).messages
    assert NOTES_LABEL in seen(message.blocks)
    assert "It holds ten years." in seen(message.blocks)
    assert buttons(message.blocks) == []


def test_who_replied_in_whose_place_is_said() -> None:
    review = replace(review_of([("", "Leaks.", "Holds.")]), fallback=Fallback.SLOW, prompt_stale=True)
    shown = seen(review_messages(OpenReview(review), ID).messages[0].blocks)
    assert "version 3 of the system prompt, the last one known" in shown
    assert "Claude took too long" in shown


def test_parts_of_a_long_draft_end_with_a_paragraph() -> None:
    paragraph = "A line of a letter that goes on.\n" * 20 + "\n"
    review = review_of([(paragraph * 5, "It never leaks.", "It holds ten years.")], "\n\n" + paragraph * 10)
    made = drafts(review_messages(OpenReview(review), ID).messages)
    assert [labels(message.blocks)[0] for message in made] == [
        f"{DRAFT_LABEL}, part {number} of {len(made)}" for number in range(1, len(made) + 1)
    ]
    assert len(made) > 1
    assert all(len(copied([message])) <= USUAL_PART for message in made)
    assert all(copied([before]).endswith("\n\n") for before, _ in pairwise(made))
    assert buttons(made[-1].blocks) == [(SEND_DRAFT, ID)]


def test_room_is_left_for_words_that_grow() -> None:
    grown = [("So.\n", "Leaks.", "x" * 900)] * 12
    for decided in ({}, dict.fromkeys(range(12), Chosen(Choice.KEEP))):
        made = drafts(review_messages(OpenReview(review_of(grown), decided), ID).messages)
        assert len(made) == 3
        assert all(len(copied([message])) <= USUAL_PART for message in made)


@pytest.mark.parametrize(
    "review",
    [
        review_of([("Hi.\n" * MAX_DRAFT, "It never leaks.", "It holds ten years.")]),
        review_of([("Hi.\n", "It never leaks.", "x" * (MAX_PART + 1))]),
        review_of([("Hi.\n", "It never leaks.", "x" * 4_000)] * 8),
        review_of([("Hi.\n" * 50, "It never leaks.", "x" * 4_900)] * 5),
    ],
)
def test_a_draft_too_long_for_messages_is_a_file(review: Review) -> None:
    opened = OpenReview(review, dict.fromkeys(range(len(review.edits)), Chosen(Choice.NOT_MEANT)))
    made = review_messages(opened, ID)
    check(made.messages)
    assert made.files == ((DRAFT_FILE, opened.rewritten),)
    assert opened.rewritten == review.draft
    assert "comes as a file" in seen(made.messages[-1].blocks)
    assert buttons(made.messages[-1].blocks) == [(SEND_DRAFT, ID)]


def test_a_part_of_which_nothing_is_left_still_has_its_message() -> None:
    review = review_of([("Hi.\n" * 1_000, "x" * 4_900, "")], "\n\nBye.\n" * 300)
    for decided in ({}, {0: Chosen(Choice.KEEP)}):
        opened = OpenReview(review, decided)
        made = review_messages(opened, ID)
        check(made.messages)
        assert len(drafts(made.messages)) == 3
        assert copied(made.messages) == opened.rewritten


def test_no_line_break_of_two_characters_is_torn_into_two_breaks() -> None:
    review = review_of([("", "x" * (USUAL_PART - 1) + "\r", "Holds.")], "\nBye." * 300)
    opened = OpenReview(review, {0: Chosen(Choice.KEEP)})
    made = review_messages(opened, ID).messages
    assert len(drafts(made)) > 1
    assert copied(made) == visible(opened.rewritten)


def test_without_an_id_there_is_nothing_to_click() -> None:
    made = review_messages(OpenReview(review_of([("", "Leaks.", "Holds.")], "Hi.\n" * 2_000)), "")
    check(made.messages)
    assert [buttons(message.blocks) for message in made.messages] == [[]] * len(made.messages)
