from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.encoder.claim_encoder import InContext
from bot.phrasing.judging import Judgement
from bot.phrasing.recalling import RECENT, RecentJudgements
from tests.phrasing.guides import DISHWASHERS, rows

(ROW, *_) = rows(DISHWASHERS)
UNITS = st.builds(InContext, *[st.sampled_from(["", "a", "b", "a b", "\ud800"])] * 3)


class Asked:
    """A judge that flags what stands before something, and remembers what it was asked."""

    def __init__(self) -> None:
        self.units: list[InContext] = []

    def __call__(self, units: Sequence[InContext]) -> list[tuple[Judgement, ...]]:
        self.units += units
        return [(Judgement(row=ROW, confidence=0.5 + len(unit.text) / 1e6),) if unit.after else () for unit in units]


def test_the_same_unit_in_another_context_is_judged_and_remembered_apart() -> None:
    asked = Asked()
    recent = RecentJudgements(asked)
    alone, told, denied = InContext("It is."), InContext("It is.", before="Is it?"), InContext("It is.", after="No.")
    for _ in range(2):
        assert [len(made) for made in recent.of([alone, told, denied])] == [0, 0, 1]
    assert asked.units == [alone, told, denied]


def test_a_unit_that_stands_there_twice_is_judged_once() -> None:
    asked = Asked()
    assert len(RecentJudgements(asked).of([InContext("It is.")] * 3)) == 3
    assert asked.units == [InContext("It is.")]


def test_what_was_judged_longest_ago_is_forgotten() -> None:
    asked = Asked()
    recent = RecentJudgements(asked)
    recent.of([InContext("first"), InContext("second")])
    recent.of([InContext(str(n)) for n in range(RECENT - 1)])
    asked.units.clear()
    recent.of([InContext("second")])
    assert asked.units == []
    recent.of([InContext("first")])
    assert asked.units == [InContext("first")]


@given(st.lists(UNITS, max_size=12), st.lists(UNITS, max_size=12))
def test_whatever_is_remembered_units_are_judged_as_if_nothing_were(
    first: Sequence[InContext], second: Sequence[InContext]
) -> None:
    recent = RecentJudgements(Asked())
    assert recent.of(first) == Asked()(first)
    assert recent.of(second) == Asked()(second)
