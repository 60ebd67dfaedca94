from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrasing.sentences import MAX_WORDS
from bot.phrasing.units import Kind, layout, units
from tests.phrasing.letters import LINES, drafts


def written(draft: str) -> list[str]:
    return [draft[unit.start : unit.end] for unit in units(draft)]


def said(draft: str) -> list[str]:
    return [unit.text for unit in units(draft)]


def test_a_unit_is_a_sentence_with_its_punctuation_and_knows_the_one_before_it() -> None:
    first, second, third = units("It works. Does it?\n\nYes!")
    assert (first.text, first.before, first.kind) == ("It works.", "", Kind.SENTENCE)
    assert (second.text, second.before) == ("Does it?", "It works.")
    assert (third.text, third.before) == ("Yes!", "Does it?")


def test_the_first_unit_of_a_list_item_knows_the_line_that_leads_the_list_in() -> None:
    draft = "Hi Ann,\n\nThis is what it cannot do:\n\n- plan roads. Not yet.\n- Scope: swim\n\n\n1. fly\n\nCall me."
    assert [(unit.text, unit.before) for unit in units(draft)] == [
        ("This is what it cannot do:", ""),
        ("plan roads.", "This is what it cannot do:"),
        ("Not yet.", "plan roads."),
        ("swim", "This is what it cannot do:"),
        ("fly", "This is what it cannot do:"),
        ("Call me.", "fly"),
    ]


def test_a_list_at_the_very_start_has_nothing_before_it() -> None:
    assert [unit.before for unit in units("- plan roads\n- swim\n")] == ["", ""]


def test_an_item_that_says_nothing_is_passed_over() -> None:
    draft = "It can:\n- plan roads\n- \U0001f44d\n- swim\n- **\n\nCall me.\n\n- fly\n"
    assert [unit.before for unit in units(draft)] == ["", "It can:", "It can:", "swim", "Call me."]


def test_each_list_has_its_own_line_that_leads_it_in() -> None:
    draft = "It can:\n- plan roads\n- swim\n\nIt cannot:\n- fly\n- sing\n"
    assert [unit.before for unit in units(draft)] == ["", "It can:", "It can:", "swim", "It cannot:", "It cannot:"]


@pytest.mark.parametrize(
    "bullet", ["-", "*", "+", "\u2022", "\u2013", "\u25aa", "1.", "12)", "a)", "(b)", "(iv)", "\u2713", "- [ ]"]
)
def test_a_list_item_starts_after_its_bullet(bullet: str) -> None:
    draft = f"Two things:\n\n  {bullet} routes plan themselves\n"
    assert [(unit.text, unit.kind) for unit in units(draft)][1:] == [("routes plan themselves", Kind.ITEM)]
    assert written(draft)[1] == "routes plan themselves"


@pytest.mark.parametrize(
    "label",
    [
        "Scope: ",
        "**Scope:** ",
        "**Scope**: ",
        "__Scope__ - ",
        "**Scope** \u2014 ",
        "What it is: ",
        "Pilot (yard 2): ",
        "`Scope`: ",
    ],
)
def test_an_items_clause_starts_after_its_label(label: str) -> None:
    draft = f"- {label}we can plan every road.\n- Price: $4.10"
    assert written(draft) == ["we can plan every road.", "$4.10"]


@pytest.mark.parametrize(
    "item",
    [
        "We can promise you this: it never fails.",
        "Open from 10:30 to 18:00 daily",
        "Planning is static \u2014 every new road needs a run; the map updates itself",
        "See the rules; they hold: always.",
    ],
)
def test_a_colon_or_dash_inside_a_sentence_makes_no_label(item: str) -> None:
    assert written(f"- {item}\n- next one") == [item, "next one"]


def test_an_item_may_run_over_lines_and_hold_several_sentences() -> None:
    draft = "- The planner learns every road\n  in a week. It never fails.\n- Next\n\nBack to prose."
    assert [(unit.text, unit.kind) for unit in units(draft)] == [
        ("The planner learns every road in a week.", Kind.ITEM),
        ("It never fails.", Kind.ITEM),
        ("Next", Kind.ITEM),
        ("Back to prose.", Kind.SENTENCE),
    ]
    assert written(draft)[0] == "The planner learns every road\n  in a week."


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        ("# Routes that plan themselves", "Routes that plan themselves"),
        ("### Routes that plan themselves ###", "Routes that plan themselves"),
        ("Routes that plan themselves\n=====", "Routes that plan themselves"),
        ("Routes that plan themselves\n-----\n", "Routes that plan themselves"),
        ("**Routes that plan themselves**", "**Routes that plan themselves**"),
        ("Subject: Routes that plan themselves", "Routes that plan themselves"),
        ("<h2>Routes that plan themselves</h2><p>It works.</p>", "Routes that plan themselves"),
    ],
)
def test_a_heading_is_a_unit_without_its_marks(draft: str, words: str) -> None:
    unit = units(draft)[0]
    assert (draft[unit.start : unit.end], unit.text, unit.kind) == (words, words.strip("*"), Kind.HEADING)


def test_the_cells_of_a_table_are_units() -> None:
    draft = (
        "| Yard | Claim |\n|:---|---:|\n| North | it *never* breaks |\n\nYard | Claim\n--- | ---\nSouth | it is free"
    )
    assert written(draft) == ["Yard", "Claim", "North", "it *never* breaks", "Yard", "Claim", "South", "it is free"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_a_hard_wrapped_paragraph_is_joined(end: str) -> None:
    lines = (
        "The planner learns every road in the county and the drivers who use",
        "Route 9 need not be told. We showed it to Ines Sol and Deputy Director",
        "Aldous on Tuesday; both liked it \u2013 they said so",
        "at length. It",
        "never fails.",
    )
    assert said(end.join(lines)) == [
        "The planner learns every road in the county and the drivers who use Route 9 need not be told.",
        "We showed it to Ines Sol and Deputy Director Aldous on Tuesday; both liked it - they said so at length.",
        "It never fails.",
    ]


def test_lines_that_were_ended_on_purpose_are_not_joined() -> None:
    draft = "hey\nwe can plan all ur roads\nits free\nready? lets go!! call me\nit never fails lol"
    assert said(draft) == [
        "we can plan all ur roads",
        "its free",
        "ready?",
        "lets go!!",
        "call me",
        "it never fails lol",
    ]


def test_lines_of_links_are_each_their_own() -> None:
    draft = "Guide: https://haul.example/guide\nRecording (code 7): https://haul.example/r/8\nThe planner learns roads."
    assert said(draft) == ["The planner learns roads."]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        ("Dr. Foy comes at 9 a.m. on Monday. Ask Mr.\nDube.", ["Dr. Foy comes at 9 a.m. on Monday.", "Ask Mr. Dube."]),
        ("It costs $4.10. We start in Q3. Then we go.", ["It costs $4.10.", "We start in Q3.", "Then we go."]),
        ("It is due this month. A few loose ends follow.", ["It is due this month.", "A few loose ends follow."]),
        ("It reads the docs.It never fails!We know.", ["It reads the docs.", "It never fails!", "We know."]),
        ("Not sure... We can try. Well\u2026 it works.", ["Not sure...", "We can try.", "Well... it works."]),
        ("WE PLAN EVERY ROAD. IT IS FREE! OK", ["WE PLAN EVERY ROAD.", "IT IS FREE!", "OK"]),
        ("See v2.0 at https://a.example/x.html?b=1. It works.", ["See v2.0 at.", "It works."]),
        ("e.g. two yards, approx. 20 trucks etc. and more", ["e.g. two yards, approx. 20 trucks etc. and more"]),
        ("Take no. 5 and sec. 4, i.e. both. No. It fails.", ["Take no. 5 and sec. 4, i.e. both.", "No.", "It fails."]),
        ("The U.S. Army uses it. Ask Sgt. Poe.", ["The U.S. Army uses it.", "Ask Sgt. Poe."]),
        ("It learns \u2014 and keeps; it never fails \u2013 ever.", ["It learns - and keeps; it never fails - ever."]),
        ("Steps follow. 1. You call. 2. We come.", ["Steps follow.", "You call.", "We come."]),
        ("Done! \U0001f389 It is free. \U0001f389\U0001f389", ["Done!", "It is free."]),
        ('He asked "does it fail?" and left.', ['He asked "does it fail?" and left.']),
    ],
)  # fmt: skip
def test_sentences_end_where_writers_of_mail_end_them(draft: str, expected: list[str]) -> None:
    assert said(draft) == expected


@pytest.mark.parametrize(
    ("draft", "stretch"),
    [
        ("(It never fails.)", "It never fails."),
        ("(It never fails).", "It never fails"),
        ("[It never fails.]", "It never fails."),
        ('"It never fails."', "It never fails."),
        ("\u201cIt never fails.\u201d", "It never fails."),
        ('\U0001f69a "It (really) never fails"', "It (really) never fails"),
        ('It "never" fails.', 'It "never" fails.'),
        ('"Never" is what they say.', '"Never" is what they say.'),
        ('They say "it never fails."', 'They say "it never fails."'),
        ("It never fails (on roads).", "It never fails (on roads)."),
        ("'Tis the planner's job.", "'Tis the planner's job."),
        ("-> It never fails", "It never fails"),
        ("$5 a seat, +49 30 1, .NET too", "$5 a seat, +49 30 1, .NET too"),
    ],
)
def test_brackets_and_quotes_around_a_sentence_are_not_its_own(draft: str, stretch: str) -> None:
    assert written(draft) == [stretch]


def test_quotes_and_brackets_over_several_sentences_belong_to_none() -> None:
    draft = '"It learns. It never fails." (It is free. It runs by night.)'
    assert written(draft) == ["It learns.", "It never fails.", "It is free.", "It runs by night."]


@pytest.mark.parametrize(
    ("draft", "stretches", "texts"),
    [
        ("It **never** fails.", ["It **never** fails."], ["It never fails."]),
        ("**It never fails.** It is free.", ["**It never fails.**", "It is free."], ["It never fails.", "It is free."]),
        ("It never **fails** _now_", ["It never **fails** _now_"], ["It never fails now"]),
        ("**_It_ never fails**!", ["**_It_ never fails**!"], ["It never fails!"]),
        ("**It learns. It is free.**", ["It learns.", "It is free."], ["It learns.", "It is free."]),
        ("~~It fails.~~ `plan -a` helps.", ["~~It fails.~~", "`plan -a` helps."], ["It fails.", "plan -a helps."]),
        ("See [us](https://a.example/x_y_(z)).", ["See [us](https://a.example/x_y_(z))."], ["See us."]),
        ("Read [the guide](https://a.example)", ["Read [the guide](https://a.example)"], ["Read the guide"]),
        ("Ask <https://a.io|us>, <https://b.io>.", ["Ask <https://a.io|us>, <https://b.io>."], ["Ask us,."]),
        ("Mail tom.reyes@haul.example, please.", ["Mail tom.reyes@haul.example, please."], ["Mail, please."]),
        ("It is <b>free</b> &amp; <i>fast</i>.", ["It is <b>free</b> &amp; <i>fast</i>."], ["It is free & fast."]),
        ("<b>It is free.</b> Now.", ["<b>It is free.</b>", "Now."], ["It is free.", "Now."]),
        ("2*3 and 4*5, snake_case_name", ["2*3 and 4*5, snake_case_name"], ["2*3 and 4*5, snake_case_name"]),
        ("It learns **all roads", ["It learns **all roads"], ["It learns **all roads"]),
    ],
)  # fmt: skip
def test_marks_stay_whole_in_a_stretch_and_are_not_in_its_text(
    draft: str, stretches: list[str], texts: list[str]
) -> None:
    assert written(draft) == stretches
    assert said(draft) == texts


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("It\u2019s \u201cfree\u201d \u2013 really\u2014yes", 'It\'s "free" - really - yes'),
        ("real\u2011time\u00a0plans\u2026", "real-time plans..."),
        ("pla\u00adnner\u200b lear\u2060ns", "planner learns"),
        (
            "\uff30\uff4c\uff41\uff4e\uff1a \U0001d5ff\U0001d5fc\U0001d5ee\U0001d5f1\U0001d600 o\ufb00",
            "Plan: roads off",
        ),
        ("It plans--and \t learns", "It plans - and learns"),
        ("Haul\u2122 caf\u00e9 cafe\u0301", "Haul caf\u00e9 caf\u00e9"),
        ("a\ud800b c", "a\ufffdb c"),
    ],
)
def test_the_text_is_in_plain_characters(typed: str, plain: str) -> None:
    assert said(typed) == [plain]


def test_right_to_left_and_other_scripts_have_sentences_too() -> None:
    hebrew = [
        "\u05de\u05e2\u05e8\u05db\u05ea \u05dc\u05d5\u05de\u05d3\u05ea.",
        "\u05d1\u05d0\u05de\u05ea?",
        "\u05db\u05df.",
    ]
    assert said(" ".join(hebrew)) == hebrew
    assert len(said("\u6211\u4eec\u53ef\u4ee5\u8bad\u7ec3\u3002\u662f\u7684\uff01\u597d\u3002")) == 3


@pytest.mark.parametrize(("joint", "ends"), [("; ", ";"), (": ", ":"), (", ", ","), ("\n", "d"), (" ", "d")])
def test_an_overlong_sentence_is_cut_at_its_joints_and_read_whole(joint: str, ends: str) -> None:
    clause = "the planner learns every road"
    draft = joint.join([clause] * 100)
    found = units(draft)
    assert len(found) > 4
    assert all(len(unit.text.split()) <= MAX_WORDS for unit in found)
    assert " ".join(unit.text for unit in found).split() == draft.split()
    assert all(unit.text.endswith(ends) for unit in found[:-1])


def test_one_word_of_any_length_is_cut_too() -> None:
    assert "".join(said("x" * 9_000)) == "x" * 9_000


@given(drafts())
def test_units_are_in_order_apart_and_in_the_draft_for_any_text(draft: str) -> None:
    found = units(draft)
    assert all(0 <= unit.start < unit.end <= len(draft) and unit.text for unit in found)
    assert all(first.end <= second.start for first, second in pairwise(found))
    assert all("\n" not in unit.text and unit.text == unit.text.strip() for unit in found)


@given(drafts())
def test_a_unit_knows_the_one_before_it_and_an_item_the_one_before_its_list_for_any_text(draft: str) -> None:
    found = layout(draft)
    previous, previous_block, lead_in = None, -1, ""
    for unit, block in zip(found.units, found.blocks, strict=True):
        above = previous.text if previous else ""
        goes_on = previous is not None and previous.kind is unit.kind is Kind.ITEM
        if not goes_on or block == previous_block:
            assert unit.before == above
        else:
            assert unit.before == lead_in or (block > previous_block + 1 and unit.before == above)
        if unit.kind is Kind.ITEM and block != previous_block:
            lead_in = unit.before
        previous, previous_block = unit, block


@given(
    st.lists(st.sampled_from([line for line in LINES if "<" not in line]), max_size=14), st.sampled_from(["\n", "\r\n"])
)
def test_no_unit_lies_in_a_quoted_line(lines: list[str], end: str) -> None:
    draft = end.join(lines)
    quoted, position = [], 0
    for line in lines:
        if line.lstrip().startswith(">"):
            quoted.append((position, position + len(line)))
        position += len(line) + len(end)
    for unit in units(draft):
        assert not any(unit.start < stop and start < unit.end for start, stop in quoted)


@pytest.mark.parametrize(
    "piece",
    [
        *("word ", "a", ". ", "(((.", "\"'(", "\ud800 x.", "[", "](", "*a ", "**a*", "`a``b", "a@", "https://", "Mr. "),
        *("&amp;", "- a\n", "1. ", "|a", "# ", "a; ", "\u0301\u0323", "It works. ", "\U0001f389 ", "<b>a ", "A: b\n"),
        *("_a", "a.b", "<a@", "a, ", "<p>It is free.</p>", "It is free\nAnd fast\n"),
    ],
)
def test_two_hundred_thousand_characters_of_anything_take_a_moment(piece: str) -> None:
    started = perf_counter()
    units(piece * (200_000 // len(piece)))
    assert perf_counter() - started < 10


def test_short_lines_of_a_chat_are_units_of_their_own() -> None:
    draft = (
        "group is set: 18 people, all from one office\nMax brings the readers tomorrow, 9ish\nthe pump never fails\n"
    )
    assert [unit.text for unit in units(draft)] == draft.strip().split("\n")


def test_a_line_of_code_in_a_sentence_is_not_said_by_the_writer_and_a_name_is() -> None:
    (unit,) = units("The log line (`the pump will never ever fail`) comes from `pumpd`.")
    assert "never" not in unit.text
    assert "pumpd" in unit.text
