from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.core.choices import Choice
from bot.core.decisions import Decision, Feedback
from bot.core.lessons import GuideRow, Lesson, Period
from bot.knowledge.examples import Example, Stance
from bot.knowledge.feedback_examples import MAX_REASONS, Gone, Proposals, Proposed, propose

LEAKS, TILES = "This roof never leaks", "Our tiles last forever"
TODAY = date(2026, 6, 1)
SAID = "Our tiles last forever, Dana."


def lesson(*dont_say: str, name: str = "roofs", periods: Sequence[Period] = ()) -> Lesson:
    rows = tuple(
        GuideRow(lesson=name, section="", row=number, dont_say=words, say="x", why="", line=number, period=period)
        for number, (words, period) in enumerate(zip(dont_say, periods or [Period()] * len(dont_say), strict=True), 1)
    )
    return Lesson(id=name, title=name, order=1, sections=(), passages=(), guide=rows)


def decision(
    choice: Choice,
    text: str | None = SAID,
    *,
    reason: str = "",
    dont_say: str = TILES,
    finding: str = "",
    lesson: str = "roofs",
    number: int = 0,
) -> Decision:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    id_ = f"{choice} {text} {reason} {lesson} {dont_say} {number}"
    return Decision(
        id=id_, at=at, lesson=lesson, row=9, choice=choice, finding=finding, dont_say=dont_say, reason=reason, text=text
    )


def proposals(
    *decisions: Decision, lessons: Sequence[Lesson] = (lesson(LEAKS, TILES),), there: Sequence[Example] = ()
) -> Proposals:
    feedback = Feedback()
    for one in decisions:
        feedback.add(one)
    return propose(feedback.rows(), lessons, examples=lambda _: there, today=TODAY)


def test_who_used_the_replacement_had_made_the_claim_and_what_others_meant_only_the_owner_can_tell() -> None:
    made = proposals(
        decision(Choice.USE, "Tiles for good."),
        decision(Choice.KEEP, "Tiles till the end.", reason="They do"),
        decision(Choice.NOT_MEANT, "Our Tiles Last Forever, the book."),
    )
    assert {one.text: (one.row, one.stance, one.reasons) for one in made.proposed} == {
        "Tiles for good.": (2, Stance.ASSERTS, ()),
        "Tiles till the end.": (2, None, ("They do",)),
        "Our Tiles Last Forever, the book.": (2, None, ()),
    }


def test_nothing_without_a_sentence_that_its_writer_agreed_to_show_and_stood_by() -> None:
    withdrawn = [decision(Choice.KEEP, finding="f"), decision(Choice.USE, None, finding="f")]
    made = proposals(decision(Choice.USE, None), decision(Choice.KEEP, None, reason="It is so."), *withdrawn)
    assert made == Proposals((), (), 0)


def test_a_sentence_stands_there_once_with_what_all_its_writers_thought_the_newest_first() -> None:
    made = proposals(
        decision(Choice.USE),
        decision(Choice.KEEP, f"  {SAID.replace(' ', chr(10))}", reason="They do."),
        decision(Choice.KEEP, reason="They do.", number=1),
        decision(Choice.NOT_MEANT, reason="A title."),
    )
    choices = (Choice.NOT_MEANT, Choice.KEEP, Choice.USE)
    assert made.proposed == (Proposed(SAID, "roofs", 2, None, choices, ("A title.", "They do.")),)
    many = proposals(*(decision(Choice.KEEP, reason=f"Reason {n}.") for n in range(99)))
    assert many.proposed[0].reasons == tuple(f"Reason {98 - n}." for n in range(MAX_REASONS))


def test_a_sentence_of_two_claims_is_an_example_of_each() -> None:
    made = proposals(decision(Choice.KEEP), decision(Choice.KEEP, dont_say=LEAKS))
    assert sorted((one.text, one.row) for one in made.proposed) == [(SAID, 1), (SAID, 2)]


def test_a_row_has_the_number_that_it_has_now_and_in_force() -> None:
    (one,) = proposals(decision(Choice.KEEP), lessons=[lesson("new", "newer", TILES)]).proposed
    assert one.row == 3
    ended = Period(last=date(2026, 1, 1))
    dated = lesson(TILES, "other", TILES, periods=[ended, Period(), Period()])
    (one,) = proposals(decision(Choice.KEEP), lessons=[dated]).proposed
    assert one.row == 3


def test_sentences_of_a_row_that_the_guide_has_no_more_are_left_out_and_counted() -> None:
    made = proposals(
        decision(Choice.KEEP),
        decision(Choice.KEEP, "Tiles for good."),
        decision(Choice.KEEP, None, dont_say="never shown"),
        decision(Choice.KEEP, dont_say=""),
        decision(Choice.KEEP, lesson="gutters"),
        lessons=[lesson(LEAKS)],
    )
    assert made == Proposals((), (Gone("gutters", TILES, 1), Gone("roofs", "", 1), Gone("roofs", TILES, 2)), 0)


def test_what_is_an_example_already_of_its_row_or_of_none_is_left_out_and_counted() -> None:
    others = ("Tiles for good.", "Tiles, and no end.")
    there = [
        Example(SAID, 2, Stance.REPORTED, 1),
        Example(f" {others[0]}", None, Stance.OTHER, 2),
        Example(others[1], 1, Stance.DENIES, 3),
    ]
    made = proposals(decision(Choice.KEEP), *(decision(Choice.KEEP, text) for text in others), there=there)
    assert ([one.text for one in made.proposed], made.known) == ([others[1]], 2)
