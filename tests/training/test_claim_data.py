import json
from functools import cache
from pathlib import Path

import pytest

from bot.core.lessons import Lesson
from bot.encoder.claim_encoder import InContext
from bot.knowledge.examples import Stance
from bot.knowledge.parsing import parse_lesson
from bot.training.claim_data import (
    OWN_SENTENCES,
    HeldOut,
    Labelled,
    TrainingData,
    load_held_out,
    load_labelled,
    load_training,
    own_sentences,
)

ROOT = Path(__file__).parents[2]
GUIDE = """
| Don't say | Do say | Why it matters |
|---|---|---|
| The roof never leaks | It keeps the rain out for ten years | Nothing lasts forever |
| Our tiles last forever | They last for sixty years | Sixty is a lot |
"""
LESSON = f"""# Roofs

A roof is checked every spring. Moss is brushed off. Mind the cat.

| Part | What it does for you |
|---|---|
| Ridge | It lets the warm air out |

Nothing lasts forever. The gutters are cleared in autumn, too.
{GUIDE}"""

OWN = [
    "A roof is checked every spring.",
    "Moss is brushed off.",
    "Part: Ridge; What it does for you: It lets the warm air out",
    "The gutters are cleared in autumn, too.",
]


@cache
def training() -> TrainingData:
    return load_training(ROOT / "knowledge", ROOT / "training")


@cache
def held_out() -> HeldOut:
    return load_held_out(ROOT / "knowledge", ROOT / "training")


def lesson_of(text: str) -> Lesson:
    return parse_lesson(text.encode(), lesson="roofs", file="roofs.md")


def labelled(folder: Path, *lines: dict[str, object]) -> list[Labelled]:
    file = folder / "roofs.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    return load_labelled(file, lesson_of(LESSON))


def line(text: str, row: int | None, stance: str, **beside: str) -> dict[str, object]:
    return {"text": text, "row": row, "stance": stance, **beside}


def test_a_sentence_that_makes_two_claims_in_two_lines_is_one_sentence(tmp_path: Path) -> None:
    both, other = labelled(
        tmp_path,
        line("It never leaks and lasts forever.", 1, "asserts"),
        line("Hello.", None, "other"),
        line("It never leaks and lasts forever.", 2, "asserts"),
    )
    assert (both.text, both.rows, both.stance, both.lesson) == (
        "It never leaks and lasts forever.",
        frozenset({1, 2}),
        Stance.ASSERTS,
        "roofs",
    )
    assert (other.text, other.rows, other.row, other.stance) == ("Hello.", frozenset(), None, Stance.OTHER)


@pytest.mark.parametrize("turned", [False, True])
def test_a_sentence_that_denies_one_claim_and_makes_another_makes_that_one(tmp_path: Path, turned: bool) -> None:
    lines = [line("It may leak but it lasts.", 1, "denies"), line("It may leak but it lasts.", 2, "asserts")]
    (merged,) = labelled(tmp_path, *(lines[::-1] if turned else lines))
    assert (merged.rows, merged.stance) == (frozenset({2}), Stance.ASSERTS)


def test_the_same_line_twice_is_one_sentence(tmp_path: Path) -> None:
    assert len(labelled(tmp_path, *[line("Does it leak?", 1, "asks", after="No.")] * 2)) == 1


def test_the_same_words_beside_other_sentences_are_other_sentences(tmp_path: Path) -> None:
    found = labelled(
        tmp_path,
        line("It never does.", 1, "asserts", before="Does it leak?"),
        line("It never does.", 2, "denies", before="Does it last?"),
        line("It never does.", 1, "denies", before="Does it leak?", after="That's wrong."),
    )
    assert [one.rows for one in found] == [frozenset({1}), frozenset(), frozenset()]
    assert [one.row for one in found] == [1, 2, 1]


def test_a_sentence_is_read_as_the_finder_reads_it(tmp_path: Path) -> None:
    text, before, remark = "Our roofs keep out rain for sixty years.", "Does it leak?", "That's wrong."
    leaning, alone = labelled(
        tmp_path,
        line("It never does.", 1, "asserts", before=before, after="Thanks for lunch."),
        line(text, 2, "asserts", before=before, after=remark),
    )
    assert leaning.read == InContext("It never does.", before=before)
    assert alone.read == InContext(text, after=remark)


def test_a_line_that_cannot_be_used_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r'roofs\.jsonl:2: "row" is 3'):
        labelled(tmp_path, line("Hello.", None, "other"), line("It never leaks.", 3, "asserts"))


def test_a_lessons_own_sentences_make_no_claim_and_its_guides_cells_are_none_of_them() -> None:
    own = list(own_sentences(lesson_of(LESSON)))
    assert [one.text for one in own] == OWN
    assert all((one.rows, one.stance, one.own) == (frozenset(), Stance.OTHER, True) for one in own)


OTHERS = ("eval-huts", "eval-sheds", "eval-tents")


def folder_of(tmp_path: Path) -> tuple[Path, Path]:
    """A knowledge and a training folder with lessons of every kind."""
    knowledge, training = tmp_path / "knowledge", tmp_path / "training"
    for folder in (knowledge / "examples", training / "lessons", training / "claims", training / "held-out"):
        folder.mkdir(parents=True)
    example = json.dumps(line("It never leaks.", 1, "asserts"))
    long = LESSON.replace("Moss is brushed off.", " ".join(f"Tile number {n} is checked." for n in range(50)))
    for path, text in (
        (knowledge / "roofs.md", LESSON),
        (knowledge / "bare.md", LESSON),
        (training / "lessons" / "barns.md", long),
        *((training / "lessons" / f"{name}.md", LESSON) for name in OTHERS),
        (knowledge / "examples" / "roofs.jsonl", example),
        (training / "held-out" / "roofs.jsonl", "\n".join(json.dumps(line(f"{n} leak.", 1, "asks")) for n in range(5))),
        *(
            (training / "claims" / f"{name}.jsonl", example)
            for name in ("barns", "eval-huts", "eval-sheds", "eval-tents")
        ),
    ):
        path.write_text(text, encoding="utf-8")
    return knowledge, training


def test_what_is_trained_on_are_the_lessons_with_examples_and_the_others_but_the_held_out_ones(tmp_path: Path) -> None:
    data = load_training(*folder_of(tmp_path))
    assert set(data.lessons) == {"roofs", "barns"}
    assert data.shipped == {"roofs"}
    assert {one.lesson for one in data.sentences} == {"roofs", "barns"}
    assert [one.text for one in data.sentences if one.rows] == ["It never leaks."] * 2
    assert [one.text for one in data.sentences if one.lesson == "roofs" and one.own] == OWN
    assert len([one for one in data.sentences if one.lesson == "barns" and one.own]) == OWN_SENTENCES


def test_what_is_held_out_is_halved_by_sentence_and_by_lesson(tmp_path: Path) -> None:
    held = load_held_out(*folder_of(tmp_path))
    assert [one.text for one in held.shipped_for_fit] == ["0 leak.", "2 leak.", "4 leak."]
    assert [one.text for one in held.shipped_for_figures] == ["1 leak.", "3 leak."]
    assert {one.lesson for one in held.others_for_fit} == {"eval-huts", "eval-tents"}
    assert {one.lesson for one in held.others_for_figures} == {"eval-sheds"}


def test_the_halves_of_what_is_held_out_have_nothing_in_common_and_leave_nothing_out() -> None:
    held = held_out()
    assert held.shipped
    assert held.others
    fit, figures = set(held.shipped_for_fit), set(held.shipped_for_figures)
    assert not fit & figures
    assert fit | figures == set(held.shipped)
    assert not {one.lesson for one in held.others_for_fit} & {one.lesson for one in held.others_for_figures}
    assert {*held.others_for_fit, *held.others_for_figures} == set(held.others)


def said(sentence: Labelled) -> str:
    return " ".join(sentence.text.casefold().split())


def long_enough(sentence: Labelled) -> bool:
    """Whether a text is no courtesy that anybody writes in the same words."""
    return len(sentence.text.split()) > 4


def test_no_text_stands_in_both_halves_of_what_is_held_out() -> None:
    fit, figures = held_out().shipped_for_fit, held_out().shipped_for_figures
    assert not {said(one) for one in fit if long_enough(one)} & {said(one) for one in figures if long_enough(one)}


def test_no_lesson_that_is_measured_on_is_trained_on() -> None:
    trained = set(training().lessons)
    assert trained
    assert not [name for name in trained if name.startswith("eval-")]
    assert {one.lesson for one in training().sentences} <= trained
    assert {one.lesson for one in held_out().others} == {
        name for name in held_out().lessons if name.startswith("eval-")
    }


def test_no_held_out_text_is_among_the_examples_or_any_other_text_that_is_trained_on() -> None:
    trained = {said(one) for one in training().sentences}
    held = [*held_out().shipped, *held_out().others]
    assert [one.text for one in held if long_enough(one) and said(one) in trained] == []


def test_nothing_that_is_trained_on_says_two_things_of_one_text_in_one_context() -> None:
    seen: dict[tuple[str, InContext], Labelled] = {}
    for one in training().sentences:
        known = seen.setdefault((one.lesson, one.read), one)
        assert bool(known.rows) == bool(one.rows), (known, one)
