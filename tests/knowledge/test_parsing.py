import time
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lessons import ALWAYS, MAX_SENTENCES, Lesson, Period
from bot.knowledge.faults import LessonError
from bot.knowledge.parsing import MAX_BLOCK, MAX_BYTES, other_tables, parse_lesson

GUIDE = "| Don't say | Do say | Why it matters |\n|---|---|---|\n"


def parsed(text: str) -> Lesson:
    return parse_lesson(text.encode(), lesson="roofs", file="knowledge/roofs.md")


def fault(raw: str | bytes) -> str:
    with pytest.raises(LessonError) as caught:
        parse_lesson(raw.encode() if isinstance(raw, str) else raw, lesson="roofs", file="roofs.md")
    return str(caught.value.fault)


def lines(lesson: Lesson) -> list[tuple[int, str]]:
    return [(sentence.line, sentence.text) for passage in lesson.passages for sentence in passage.sentences]


def test_the_first_heading_is_the_title_and_the_others_are_sections() -> None:
    lesson = parsed("# Roof care\n\nIntro.\n\n## Gutters\n\nClear *them*.\n\n### In **autumn**\n\nTwice.\n")
    assert (lesson.id, lesson.title) == ("roofs", "Roof care")
    assert lesson.sections == ("Gutters", "In autumn")
    assert [(p.ordinal, p.section, p.text) for p in lesson.passages] == [
        (0, "", "Intro."),
        (1, "Gutters", "Clear them."),
        (2, "In autumn", "Twice."),
    ]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\ntitle: Front\n---\n\n# Heading\n\nText.", "Front"),
        ("---\ntitle: 2026\n---\n\nText.", "2026"),
        ("Text.\n\n# Later\n\nMore.", "Later"),
        ("## Part one\n\nText.\n\n## Part two\n\nMore.", "Part one"),
        ("No heading at all.", "roofs"),
        ("Setext\n======\n\nText.", "Setext"),
        ("\ufeff# Marked\n\nText.", "Marked"),
    ],
)
def test_the_title_comes_from_front_matter_heading_or_file(text: str, title: str) -> None:
    assert parsed(text).title == title


def test_a_first_heading_that_does_not_stand_over_all_is_a_section_too() -> None:
    assert parsed("## Part one\n\nText.\n\n## Part two\n\nMore.").sections == ("Part one", "Part two")


def test_each_sentence_knows_its_line_in_a_hard_wrapped_paragraph() -> None:
    lesson = parsed("# T\n\nOne is here. Two\nruns on. Three is\nlast.\n\nFour.\n")
    assert lines(lesson) == [(3, "One is here."), (3, "Two runs on."), (4, "Three is last."), (7, "Four.")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_ending_counts(end: str) -> None:
    assert lines(parsed(end.join(["# T", "", "One.", "Two.", "", "Three."]))) == [
        (3, "One."),
        (4, "Two."),
        (6, "Three."),
    ]


def test_marks_links_images_and_breaks_leave_only_what_a_reader_sees() -> None:
    text = "A **bold** [link](http://e.com) and ![a picture](p.png), `code`, ~~gone~~, an&amp;d <b>tag</b>.\\\nNext."
    assert parsed(text).passages[0].text == "A bold link and a picture, code, gone, an&d tag. Next."


def test_lists_and_nested_lists_are_a_passage_an_item() -> None:
    lesson = parsed("Before:\n\n- One.\n- Two:\n  1. Inner a.\n  2. Inner b.\n\n> Quoted. Words.\n")
    assert [(p.line, p.text) for p in lesson.passages] == [
        (1, "Before:"),
        (3, "One."),
        (4, "Two:"),
        (5, "Inner a."),
        (6, "Inner b."),
        (8, "Quoted. Words."),
    ]


def test_code_and_raw_html_hold_nothing_to_cite() -> None:
    lesson = parsed("Text.\n\n```\ncode. more.\n```\n\n    indented code.\n\n<div>\nraw.\n</div>\n\n<!-- a note -->\n")
    assert lines(lesson) == [(1, "Text.")]


def test_a_long_block_becomes_passages_of_like_size() -> None:
    lesson = parsed(" ".join(f"This is sentence number {n}." for n in range(MAX_SENTENCES + 1)))
    assert [len(passage.sentences) for passage in lesson.passages] == [3, 4]


def test_another_table_s_rows_are_named_by_their_header() -> None:
    lesson = parsed("| Method | Cost | |\n|:--|--:|---|\n| Slate | high | note |\n| Tile | | |\n")
    assert [(p.line, p.text) for p in lesson.passages] == [
        (3, "Method: Slate; Cost: high; note"),
        (4, "Method: Tile"),
    ]


@pytest.mark.parametrize(
    "header",
    [
        "| Don't say | Do say | Why it matters |\n|---|---|---|",
        "|  **Don’t say**  |Do Say| WHY it matters |\n|:--|:-:|--:|",  # noqa: RUF001 - curly on purpose
        "Don't say | Do say | Why it matters\n---|---|---",
    ],
)
def test_a_guide_table_is_known_by_its_header_however_it_is_set(header: str) -> None:
    lesson = parsed(f"## Guide\n\n{header}\n| never | ten  years | truth |\n")
    (row,) = lesson.guide
    assert (row.row, row.section, row.line) == (1, "Guide", 5)
    assert (row.dont_say, row.say, row.why) == ("never", "ten years", "truth")
    assert lesson.passages == ()


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('"Never leaks"', "Never leaks"),
        ("“Never leaks”", "Never leaks"),
        ("‘It’s never leaking’", "It’s never leaking"),  # noqa: RUF001 - curly on purpose
        ('"Never" or "not ever"', '"Never" or "not ever"'),
        ("a \\| b `c \\| d`", "a | b c | d"),
        ("*Never* <br> leaks", "Never leaks"),
        ("Never<br/>leaks", "Never leaks"),
    ],
)
def test_a_cell_loses_its_quotation_marks_and_keeps_its_words(cell: str, text: str) -> None:
    assert parsed(f"{GUIDE}| {cell} | say | why |").guide[0].dont_say == text


def test_rows_count_on_over_all_guide_tables_of_a_lesson() -> None:
    lesson = parsed(f"{GUIDE}| a | b | c |\n\n## More\n\n{GUIDE}| d | e | |\n")
    assert [(row.row, row.section, row.dont_say, row.why) for row in lesson.guide] == [
        (1, "", "a", "c"),
        (2, "More", "d", ""),
    ]


def test_a_lesson_and_a_table_have_their_periods() -> None:
    lesson = parsed(
        "---\neffective_from: 2026-01-01\neffective_to: 2026-12-31\n---\n\nText.\n\n"
        f"<!-- effective_from: 2026-12-01\n     effective_to: 2026-12-24 -->\n\n{GUIDE}| a | b | c |\n\n"
        f"{GUIDE}| d | e | f |\n\n<!-- effective_to: 2026-06-30 -->\n| x | y |\n|---|---|\n| 1 | 2 |\n"
    )
    assert lesson.period == Period(date(2026, 1, 1), date(2026, 12, 31))
    assert [row.period for row in lesson.guide] == [Period(date(2026, 12, 1), date(2026, 12, 24)), ALWAYS]
    assert [passage.period for passage in lesson.passages] == [ALWAYS, Period(last=date(2026, 6, 30))]
    assert lesson.on(date(2025, 12, 31)) is None
    summer = lesson.on(date(2026, 7, 1))
    assert summer is not None
    assert ([row.dont_say for row in summer.guide], len(summer.passages)) == (["d"], 1)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "roofs.md:1: the lesson has no text"),
        ("# Only a title\n", "roofs.md:1: the lesson has no text"),
        ("---\ntitle: [a\norder: 1\n---\n\nText.", "roofs.md:3: front matter: "),
        ("---\ntitel: a\n---\n\nText.", "roofs.md:1: front matter: unknown setting 'titel'; it takes title, order"),
        ("---\n- a\n---\n\nText.", "roofs.md:1: front matter: write 'name: value' lines"),
        ("---\ntitle: {a: b}\n---\n\nText.", "roofs.md:1: front matter: title is no text"),
        ("---\norder: first\n---\n\nText.", "roofs.md:1: front matter: order is 'first'; write a whole number"),
        (
            "---\norder: [&a [x, x], &b [*a, *a], "
            + ", ".join(f"&{chr(c + 1)} [*{chr(c)}, *{chr(c)}]" for c in range(98, 121))
            + "]\n---\n\nText.",
            "order is a list; write a whole number",
        ),
        ("---\neffective_from: soon\n---\n\nText.", "effective_from is 'soon'; write a day as 2026-11-30"),
        ("---\neffective_from: 2026-13-01\n---\n\nText.", "roofs.md:1: front matter: month must be in 1..12"),
        (
            "---\neffective_from: 2026-02-01\neffective_to: 2026-01-01\n---\n\nText.",
            "effective_to 2026-01-01 is before effective_from 2026-02-01",
        ),
        ("---\ntitle: a\n\nText.", "roofs.md:1: front matter: it is not closed"),
        ("---\ntitle: " + "[" * 5_000 + "\n---\n\nText.", "roofs.md:1: front matter: it is nested too deeply"),
        (f"Text.\n\n{GUIDE}| a | b | c |\n| d | | f |\n", "roofs.md:6: guide row 2 has an empty 'Do say' cell"),
        (f'{GUIDE}| "" | b | c |\n', 'roofs.md:3: guide row 1 has an empty "Don\'t say" cell'),
        ("Text.\n\n<!-- effective_from: soon -->\n| a |\n|---|\n| b |", "roofs.md:3: comment before a table: "),
        ("Text.\n\n<!-- effective_from: [ -->\n| a |\n|---|\n| b |", "roofs.md:3: comment before a table: "),
        ("Text.\n\n<!-- effective_to: 2026-01-01 -->\n\nText.", "roofs.md:3: comment before a table: no table follows"),
        (f"Text.\n\n{'x' * (MAX_BLOCK + 1)}", "roofs.md:3: a paragraph of 10,001 characters"),
        (b"Fine.\n\xff\n", "roofs.md:2: not UTF-8 text: save the file as UTF-8"),
        (b"Fine.\n\nPK\x00\x01", "roofs.md:3: a binary file, not Markdown"),
        (b"x" * (MAX_BYTES + 1), "roofs.md:1: the file has 2,000,001 bytes"),
    ],
)
def test_a_fault_names_the_file_the_line_and_the_mend(text: str | bytes, told: str) -> None:
    message = fault(text)
    assert told in message
    assert "\n" not in message


FRAGMENTS = [*"ab .\n|-#>*_`[]()!<&:\"'\\~=\t", "---\n", "title: ", "<!-- effective_from: ", "-->", "\r\n", GUIDE]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=60).map("".join))
def test_any_text_is_a_lesson_or_a_fault(text: str) -> None:
    try:
        lesson = parsed(text)
    except LessonError:
        return
    count = text.count("\n") + text.count("\r") + 1
    assert all(1 <= line <= count and sentence.strip() for line, sentence in lines(lesson))
    assert [passage.ordinal for passage in lesson.passages] == list(range(len(lesson.passages)))


@pytest.mark.parametrize("unit", ["![", "[", "`a ", "*a_", "<!--", "> ", "a\n\n", "| a ", "\t "])
def test_hostile_markdown_of_100_kilobytes_takes_seconds_at_most(unit: str) -> None:
    started = time.process_time()
    with suppress(LessonError):
        parsed("\n\n".join([unit * (MAX_BLOCK // len(unit))] * 10))
    assert time.process_time() - started < 5


def test_tables_that_are_no_guide_are_listed_with_their_header() -> None:
    raw = f"# T\n\n{GUIDE}| a | b | c |\n\n| Do not say | Say |\n|---|---|\n| a | b |\n".encode()
    assert list(other_tables(raw, file="roofs.md")) == [(7, ("Do not say", "Say"))]
