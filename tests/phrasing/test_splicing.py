import html
from collections.abc import Mapping, Sequence
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lessons import GuideRow
from bot.core.replies import Finding
from bot.core.review import splice
from bot.phrasing.splicing import edits
from bot.phrasing.units import units
from tests.phrasing.letters import drafts

SAYS = {
    1: "The planner proposes routes \N{EM DASH} your dispatcher decides",
    2: "What do late trucks cost you today \N{EM DASH} and is that a planning problem or a staffing problem?",
    3: "A pilot takes four weeks; prices follow from its results",
    4: "RoadSense needs a map \N{EM DASH} it doesn't draw one",
    5: "Ask for proof. Then compare",
    6: "Fuel use < 9 l & tyres count",
}


def row(number: int) -> GuideRow:
    return GuideRow(
        lesson="routes",
        section="Guide",
        row=number,
        dont_say=f"claim {number}",
        say=SAYS[number],
        why="Because a pilot shows it",
        line=number,
    )


def finding(draft: str, quote: str, number: int) -> Finding:
    start = draft.index(quote)
    return Finding(row=row(number), start=start, end=start + len(quote), quote=quote, confidence=0.9)


def rewritten(draft: str, claims: Mapping[str, int | Sequence[int]]) -> str:
    findings = [
        finding(draft, quote, number)
        for quote, rows in claims.items()
        for number in ([rows] if isinstance(rows, int) else rows)
    ]
    return splice(draft, edits(draft, findings))


def said(draft: str) -> list[str]:
    return [unit.text for unit in units(draft)]


PLANNER = SAYS[1]
LATE = SAYS[2]
PILOT = SAYS[3]
MAP = SAYS[4]


def test_the_approved_wording_takes_the_place_of_the_sentence() -> None:
    draft = "Hi Ines,\r\n\r\nThanks. It plans it all.\r\n\r\nBest,\r\nTom\r\n"
    assert rewritten(draft, {"It plans it all.": 1}) == draft.replace("It plans it all.", f"{PLANNER}.")


@pytest.mark.parametrize(
    ("draft", "claim", "number", "expected"),
    [
        ("It plans it all!", "It plans it all!", 1, f"{PLANNER}."),
        ("Does it plan it all?", "Does it plan it all?", 1, f"{PLANNER}."),
        ("It plans it all...", "It plans it all...", 1, f"{PLANNER}."),
        ("It plans it all\u2026 Ok.", "It plans it all\u2026", 1, f"{PLANNER}. Ok."),
        ("It plans it all", "It plans it all", 1, PLANNER),
        ("It plans it all.", "It plans it all.", 2, LATE),
        ("It plans it all:\n- yes", "It plans it all:", 1, f"{PLANNER}.\n- yes"),
        ("- It plans it all\n- Next", "It plans it all", 1, f"- {PLANNER}\n- Next"),
        ("- It plans it all;\n- next", "It plans it all;", 1, f"- {PLANNER};\n- next"),
        ("- It plans it all\n- Next", "It plans it all", 2, f"- {LATE}\n- Next"),
        ("# It plans it all\n\nOk.", "It plans it all", 1, f"# {PLANNER}\n\nOk."),
        ("Subject: It plans it all\n\nOk.", "It plans it all", 1, f"Subject: {PLANNER}\n\nOk."),
        ("(It plans it all.) Ok.", "It plans it all.", 1, f"({PLANNER}.) Ok."),
        ("(It plans it all).", "It plans it all", 2, f"({LATE})."),
        ('"It plans it all!" Ok.', "It plans it all!", 1, f'"{PLANNER}." Ok.'),
        ("It plans it all \U0001f69a", "It plans it all", 1, f"{PLANNER} \U0001f69a"),
        ("it plans it all\nok then", "it plans it all", 1, f"the planner{PLANNER[11:]}.\nok then"),
        ("It plans it all. Ok.", "It plans it all.", 5, "Ask for proof. Then compare. Ok."),
    ],
)
def test_end_punctuation_is_the_stretchs_own(draft: str, claim: str, number: int, expected: str) -> None:
    assert rewritten(draft, {claim: number}) == expected


@pytest.mark.parametrize(
    ("draft", "claim", "number", "expected"),
    [
        ("- Scope: it plans it all.", "it plans it all.", 1, f"- Scope: the planner{PLANNER[11:]}."),
        ("- Scope: It plans it all.", "It plans it all.", 1, f"- Scope: {PLANNER}."),
        ("Hi Ines, it plans it all.", "it plans it all.", 2, f"Hi Ines, what{LATE[4:]}"),
        ("- it draws maps", "it draws maps", 4, f"- {MAP}"),
        ("- it takes a day", "it takes a day", 3, f"- a{PILOT[1:]}"),
        ("3 days is all.", "3 days is all.", 3, f"{PILOT}."),
    ],
)
def test_the_first_letter_is_as_the_stretch_had_it_unless_it_starts_a_name(
    draft: str, claim: str, number: int, expected: str
) -> None:
    assert rewritten(draft, {claim: number}) == expected


@pytest.mark.parametrize(
    ("draft", "claim", "expected"),
    [
        ("**It plans it all.** Ok.", "**It plans it all.**", f"**{PLANNER}.** Ok."),
        ("**It plans it all**. Ok.", "**It plans it all**.", f"**{PLANNER}.** Ok."),
        ("_**It plans it all**_", "_**It plans it all**_", f"_**{PLANNER}**_"),
        ("It **plans** it _all_.", "It **plans** it _all_.", f"{PLANNER}."),
        ("**It plans it all. Ok then.**", "It plans it all.", f"**{PLANNER}. Ok then.**"),
        ("It **plans it all. Ok** then.", "It **plans it all.", f"{PLANNER}. **Ok** then."),
        ("Ok **then. It plans** it all.", "It plans** it all.", f"Ok **then.** {PLANNER}."),
        ("[It plans it all](https://a.example)", "[It plans it all](https://a.example)", f"[{PLANNER}](https://a.example)"),
        ("<p>It <b>plans it all. Ok</b> then.</p>", "It <b>plans it all.", f"<p>{PLANNER}. <b>Ok</b> then.</p>"),
        ("<p><i>It plans it all!</i></p>", "<i>It plans it all!</i>", f"<p><i>{PLANNER}.</i></p>"),
        ("- **Scope:** *It plans it all*", "*It plans it all*", f"- **Scope:** *{PLANNER}*"),
    ],
)  # fmt: skip
def test_emphasis_stays_around_and_balanced(draft: str, claim: str, expected: str) -> None:
    assert rewritten(draft, {claim: 1}) == expected


def test_in_html_the_wording_is_escaped() -> None:
    draft = "<html><body><p>Hi Ines,</p><p>It uses no fuel. R&amp;D agrees.</p></body></html>"
    expected = draft.replace("It uses no fuel.", html.escape(SAYS[6]) + ".")
    assert rewritten(draft, {"It uses no fuel.": 6}) == expected
    assert rewritten("It uses no fuel.", {"It uses no fuel.": 6}) == SAYS[6] + "."


def test_two_findings_in_one_sentence_say_both_wordings_once_each() -> None:
    draft = "Ok. It plans it all in a day! Bye now."
    assert rewritten(draft, {"It plans it all in a day!": [1, 3, 1]}) == f"Ok. {PLANNER}. {PILOT}. Bye now."
    assert rewritten("- it plans it all in a day", {"it plans it all in a day": [4, 2]}) == f"- {MAP}. {LATE}"


def test_findings_that_overlap_share_one_replacement_of_the_whole_sentences() -> None:
    draft = "Ok. It plans it all. In one day. Bye."
    assert rewritten(draft, {"plans it all. In one": 1, "In one day.": 3}) == f"Ok. {PLANNER}. {PILOT}. Bye."


def test_neighbours_that_would_say_the_same_are_replaced_as_one() -> None:
    draft = "It plans it all. It plans\neven more. Ok."
    assert rewritten(draft, {"It plans it all.": 1, "It plans\neven more.": [1, 3]}) == f"{PLANNER}. {PILOT}. Ok."


def test_neighbours_in_different_paragraphs_or_items_are_each_replaced() -> None:
    draft = "- It plans it all\n- It plans more\n\nIt plans.\n\nIt plans on."
    claims = {"It plans it all": 1, "It plans more": 1, "It plans.": 1, "It plans on.": 1}
    assert rewritten(draft, claims) == f"- {PLANNER}\n- {PLANNER}\n\n{PLANNER}.\n\n{PLANNER}."


def test_neighbours_that_say_different_things_are_edits_of_their_own() -> None:
    draft = "It plans it all. It takes a day."
    found = edits(draft, [finding(draft, "It takes a day.", 3), finding(draft, "It plans it all.", 1)])
    assert [(edit.before, edit.after) for edit in found] == [
        ("It plans it all.", f"{PLANNER}."),
        ("It takes a day.", f"{PILOT}."),
    ]


def test_a_finding_outside_any_unit_is_replaced_as_it_stands() -> None:
    assert rewritten("Ok.\n\n> It plans it all.\n", {"It plans it all.": 1}) == f"Ok.\n\n> {PLANNER}.\n"


def test_a_finding_outside_the_draft_is_refused_with_its_place() -> None:
    outside = Finding(row=row(1), start=3, end=9, quote="x", confidence=0.9)
    with pytest.raises(ValueError, match=r"finding 3-9 is no place in a draft of 5 characters"):
        edits("12345", [outside])


def test_no_findings_make_no_edits() -> None:
    assert edits("It plans it all.", []) == ()


PLACES = [
    "Hi Ines,\n\nOk then. {} Bye now.\n\nBest,\nTom",
    "Hi Ines, {}\n\nBest,\nTom",
    "Points:\n\n- Scope: {}\n- Price: low",
    "1. {}\n2. Ok",
    "**{}** Ok then.",
    "Subject: {}\n\nHi Ines,\n\nOk.",
    "# {}\n\nOk.",
    "<p>Ok then. <b>{}</b></p><p>Bye now.</p>",
    "hey ines\n{}\nits free\ncall me",
    "({}) Ok then.",
    "Ok then. \u201c{}\u201d\n\nBye now.",
    "We showed the planner to Ines Sol of the North Yard and Deputy\nDirector Li. {} Then we drove home to\nRoute 9.",
    "| Yard | Claim |\n|---|---|\n| North | {} |",
    "> Is it?\n{}\n> Ok.\n",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("number", [1, 2, 3, 4])
@pytest.mark.parametrize("claim", ["It plans it all.", "it plans it all", "It **plans** it all!"])
def test_the_wording_that_was_put_in_reads_as_a_unit_of_its_own(place: str, number: int, claim: str) -> None:
    draft = place.format(claim)
    target = next(unit for unit in units(draft) if "plans it all" in unit.text)
    made = Finding(row(number), target.start, target.end, draft[target.start : target.end], 0.9)
    again = said(splice(draft, edits(draft, [made])))
    assert SAYS[number].replace("\N{EM DASH}", "-").lower() in [text.lower().rstrip(".") for text in again]
    assert [unit.text for unit in units(draft) if unit != target and unit.text not in again] == []


@given(drafts(), st.data())
def test_every_finding_lies_in_an_edit_and_nothing_else_changes(draft: str, data: st.DataObject) -> None:
    found = units(draft)
    picked = data.draw(st.lists(st.sampled_from(found), max_size=6)) if found else []
    findings = [
        Finding(row(data.draw(st.sampled_from(sorted(SAYS)))), unit.start, unit.end, draft[unit.start : unit.end], 0.9)
        for unit in picked
    ]
    made = edits(draft, findings)
    result = splice(draft, made)
    assert all(first.end <= second.start for first, second in pairwise(made))
    for made_for in findings:
        assert sum(edit.start <= made_for.start and made_for.end <= edit.end for edit in made) == 1
    kept = [
        draft[a:b] for a, b in zip([0, *(e.end for e in made)], [*(e.start for e in made), len(draft)], strict=True)
    ]
    assert result == "".join(a + b for a, b in zip(kept, [*(edit.after for edit in made), ""], strict=True))
    assert ".." not in "".join(edit.after for edit in made)
    assert "?." not in "".join(edit.after for edit in made)


def test_ten_thousand_edits_take_a_moment() -> None:
    draft = "It **plans it all. It** takes a day! " * 5_000
    started = perf_counter()
    made = edits(draft, [Finding(row(1 + n % 5), u.start, u.end, "", 0.9) for n, u in enumerate(units(draft))])
    assert (len(made), perf_counter() - started < 10) == (10_000, True)
