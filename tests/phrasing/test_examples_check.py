from collections.abc import Sequence

import pytest

from bot.core.lessons import GuideRow, Lesson
from bot.encoder.certainty import Certainty, load_certainty
from bot.encoder.claim_encoder import ClaimEncoder, InContext, Said
from bot.knowledge.check import Severity
from bot.knowledge.examples import ENOUGH, Example, Stance
from bot.phrasing.examples_check import ExamplesCheck

LEAKS, TILES, SHOUTED = "This roof never leaks", "Our tiles last forever", "THIS ROOF NEVER LEAKS"
"""The third row makes the first one's claim, so that one sentence makes both."""
GUIDE = tuple(
    GuideRow(lesson="roofs", section="", row=number, dont_say=dont_say, say=say, why="", line=number)
    for number, (dont_say, say) in enumerate(
        [(LEAKS, "This roof is guaranteed"), (TILES, "Our tiles last sixty years"), (SHOUTED, "It was tested")], 1
    )
)
BOTH = "I promise that this roof never leaks."
NEITHER = "Lunch is at noon on Friday."
FILE = "roofs.jsonl"


class Noting(ClaimEncoder):
    """Notes what it reads."""

    def __init__(self) -> None:
        self.noted: list[InContext] = []

    def read(self, sentences: Sequence[InContext]) -> Said:
        self.noted += sentences
        return super().read(sentences)


@pytest.fixture(scope="module")
def check() -> ExamplesCheck:
    return ExamplesCheck(ClaimEncoder(), load_certainty())


def examples(*written: tuple[str, int | None, str]) -> list[Example]:
    """One example a line, from line 1."""
    return [Example(text, row, Stance(stance), line) for line, (text, row, stance) in enumerate(written, 1)]


def failing(check: ExamplesCheck, given: list[Example], guide: tuple[GuideRow, ...] = GUIDE[:2]) -> list[str]:
    problems = list(check.failing(guide, given, FILE, tell=lambda _: None))
    assert {problem.severity for problem in problems} <= {Severity.WARNING}
    return [str(problem.fault) for problem in problems]


def test_examples_that_are_judged_as_they_say_are_no_problem(check: ExamplesCheck) -> None:
    given = examples(
        (f"{LEAKS}!", 1, "asserts"),
        (f"{TILES}.", 2, "asserts"),
        ("Our tiles last sixty years.", 2, "approved"),
        ("This roof is guaranteed.", 1, "approved"),
        (NEITHER, 1, "other"),
        (NEITHER, None, "other"),
    )
    assert failing(check, given) == []


def test_each_row_tells_how_many_of_its_examples_fail_and_shows_where_and_why(check: ExamplesCheck) -> None:
    given = examples(
        (f"{LEAKS}!", 1, "asserts"),
        (NEITHER, 1, "asserts"),
        (f"{TILES}.", 1, "asserts"),
        (f"{TILES}!", 2, "denies"),
        (f"{LEAKS}.", 2, "other"),
        (f"{TILES}...", None, "other"),
    )
    assert failing(check, given) == [
        f'{FILE}:2: guide row 1: 2 of 3 examples fail: line 2 not found ("Lunch is at noon on Friday."), '
        'line 3 found as row 2 ("Our tiles last forever.")',
        f'{FILE}:4: guide row 2: 2 of 2 examples fail: line 4 flagged ("Our tiles last forever!"), '
        'line 5 flagged as row 1 ("This roof never leaks.")',
        f'{FILE}:6: examples of no row: 1 of 1 example fails: line 6 flagged as row 2 ("Our tiles last forever...")',
    ]


def test_three_failing_examples_of_a_row_are_shown_by_their_first_words(check: ExamplesCheck) -> None:
    given = examples(*((f"Lunch is at noon on Friday,\nday {day} of {'x' * 99}.", 1, "asserts") for day in range(9)))
    (told,) = failing(check, given)
    assert told.count("not found") == 3
    assert told.startswith(f"{FILE}:1: guide row 1: 9 of 9 examples fail: ")
    assert told.endswith('line 3 not found ("Lunch is at noon on Friday, …"), …')
    (told,) = failing(check, examples(("y" * 5_000, 1, "asserts")))
    assert len(told) < 150


def test_a_sentence_with_two_claims_fails_only_for_the_row_that_is_not_found(check: ExamplesCheck) -> None:
    both = [(BOTH, 1, "asserts"), (BOTH, 3, "asserts")]
    assert failing(check, examples(*both), GUIDE) == []
    (told,) = failing(check, examples(*both, (BOTH, 2, "asserts")), GUIDE)
    assert told == f'{FILE}:3: guide row 2: 1 of 1 example fails: line 3 not found ("{BOTH[:-7]} …")'
    (told,) = failing(check, examples(both[0], (BOTH, 3, "denies")), GUIDE)
    assert told.startswith(f"{FILE}:2: guide row 3: 1 of 1 example fails: line 2 flagged (")
    assert failing(check, examples(both[0], (BOTH, 2, "denies")), GUIDE[:2]) == []


def test_an_example_is_read_with_those_of_its_neighbours_that_a_draft_is_read_with() -> None:
    encoder = Noting()
    given = [
        Example("It always was so.", 1, Stance.OTHER, 1, before="We mend roofs.", after="Scratch that."),
        Example("We mend roofs in May and in June.", 1, Stance.OTHER, 2, before="Hello.", after="Lunch is at noon."),
    ]
    failing(ExamplesCheck(encoder, load_certainty()), given)
    assert encoder.noted[-2:] == [
        InContext("It always was so.", before="We mend roofs.", after="Scratch that."),
        InContext("We mend roofs in May and in June."),
    ]


def test_a_row_that_is_not_in_force_is_not_judged_and_progress_is_told_to_the_end(check: ExamplesCheck) -> None:
    told: list[int] = []
    given = examples((NEITHER, 2, "asserts"), *((f"{NEITHER} {n}", None, "other") for n in range(100)))
    assert list(check.failing(GUIDE[:1], given, FILE, tell=told.append)) == []
    assert told == [64, 100]


def test_a_row_with_examples_enough_that_is_not_learned_is_told(check: ExamplesCheck) -> None:
    lesson = Lesson(id="roofs", title="Roofs", order=1, sections=(), passages=(), guide=GUIDE[:2])
    enough = [(f"{row}, they say, in {n} words.", row, "asserts") for row in (1, 2) for n in range(ENOUGH)]
    (problem,) = check.unlearned(lesson, examples(*enough), FILE)
    assert (problem.severity, str(problem.fault)) == (
        Severity.WARNING,
        f"{FILE}:1: examples enough, but not learned yet: guide row 1, 2; run `make train`",
    )
    assert list(check.unlearned(lesson, examples(*enough[1:ENOUGH]), FILE)) == []
    knows_leaks = Certainty(frozenset({LEAKS.lower()}), of_learned=(1.0, 0.0), of_table=(1.0, 0.0, 0.0, 0.0, 0.0))
    (problem,) = ExamplesCheck(ClaimEncoder(), knows_leaks).unlearned(lesson, examples(*enough), FILE)
    assert "guide row 2;" in problem.fault.message
    assert list(ExamplesCheck(ClaimEncoder(), knows_leaks).unlearned(lesson, [], FILE)) == []
