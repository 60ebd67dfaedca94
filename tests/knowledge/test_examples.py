import json

import pytest

from bot.knowledge.examples import Example, Stance, parse_examples
from bot.knowledge.faults import Fault

ROOF = {"text": "It never leaks.", "row": 1, "stance": "asserts"}


def read(**beside: object) -> Example | Fault:
    (found,) = parse_examples(json.dumps({**ROOF, **beside}).encode(), file="roofs.jsonl", rows=2)
    return found


def test_the_sentences_beside_an_example_are_read() -> None:
    before, after = "About the roof.", "That\N{RIGHT SINGLE QUOTATION MARK}s right."
    assert read(before=before, after=after) == Example("It never leaks.", 1, Stance.ASSERTS, 1, before, after)


@pytest.mark.parametrize("beside", [{}, {"before": None, "after": None}, {"before": ""}, {"after": ""}])
def test_there_may_be_no_sentence_beside_an_example(beside: dict[str, object]) -> None:
    found = read(**beside)
    assert isinstance(found, Example)
    assert (found.before, found.after) == ("", "")


def test_one_sentence_beside_it_is_enough() -> None:
    found = read(after="Scratch that.")
    assert isinstance(found, Example)
    assert (found.before, found.after) == ("", "Scratch that.")


@pytest.mark.parametrize("name", ["before", "after"])
@pytest.mark.parametrize("wrong", [0, False, 1.5, [], ["About the roof."], {"text": "About."}, [["x" * 500]]])
def test_what_is_no_sentence_beside_an_example_is_told_in_one_clear_line(name: str, wrong: object) -> None:
    found = read(**{name: wrong})
    assert isinstance(found, Fault)
    told = str(found)
    assert told.startswith(f'roofs.jsonl:1: "{name}" is {wrong!r:.40}: write the sentence that stands {name} "text"')
    assert "\n" not in told
    assert len(told) < 150
