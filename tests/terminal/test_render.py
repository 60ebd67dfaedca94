import io

import pytest
from rich.console import Console

from bot.channels.terminal.console import Screen
from bot.channels.terminal.render import render
from bot.core.lessons import GuideRow
from bot.core.replies import (
    Answer,
    Citation,
    Edit,
    EngineName,
    Finding,
    Forgotten,
    Guide,
    Help,
    HelpEntry,
    Refused,
    Reply,
    Review,
)

EVIL = "\x1b[2J\x1b]0;owned\x07[red]x[/red]\u202e"
ROW = GuideRow(
    lesson="roofs", section="Guide", row=2, dont_say=f"never leaks {EVIL}", say=f"ten years {EVIL}", why=EVIL, line=9
)
DRAFT = f"Hi\nIt never leaks {EVIL}.\nBye"
FOUND = Finding(row=ROW, start=3, end=len(DRAFT) - 4, quote=DRAFT[3:-4], confidence=0.9)
REPLIES: list[Reply] = [
    Answer(
        question="q",
        text=f"Yes [1] {EVIL}",
        covered=True,
        citations=(Citation(n=1, lesson="roofs", section=f"Care{EVIL}", quote=f"Words {EVIL}", line=3),),
        closest=(Citation(n=1, lesson=EVIL, section="", quote=EVIL, line=3),),
        engine=EngineName.LESSONS,
        latency_ms=1,
    ),
    Review(
        draft=DRAFT,
        findings=(FOUND,),
        notes=(FOUND,),
        edits=(Edit(start=FOUND.start, end=FOUND.end, before=FOUND.quote, after=ROW.say),),
        rewritten="",
        engine=EngineName.LESSONS,
        latency_ms=1,
    ),
    Guide(words=EVIL, rows=(ROW,)),
    Guide(words=EVIL, rows=()),
    Help(entries=(HelpEntry("any", "thing"),), lessons=(EVIL,), about=EVIL),
    Forgotten(turns=2),
    Refused(reason=EVIL),
]


def printed(reply: Reply, *, piped: bool, colour: bool = False, width: int = 80) -> str:
    file = io.StringIO()
    console = Console(
        file=file,
        force_terminal=not piped,
        color_system="truecolor" if colour else None,
        width=width,
        markup=False,
        highlight=False,
    )
    for part in render(reply, piped=piped):
        console.print(part, soft_wrap=piped)
    return file.getvalue()


@pytest.mark.parametrize("piped", [True, False])
@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_no_reply_can_control_the_terminal(reply: Reply, *, piped: bool) -> None:
    text = printed(reply, piped=piped)
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(text)


@pytest.mark.parametrize("width", [20, 40, 200])
@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_replies_fit_the_terminal(reply: Reply, width: int) -> None:
    assert all(len(line) <= width for line in printed(reply, piped=False, width=width).splitlines())


def test_a_citation_is_one_line_with_its_section_and_quote() -> None:
    answer = Answer(
        question="q",
        text="Every autumn. [1]",
        covered=True,
        citations=(Citation(n=1, lesson="roofs", section="Gutters", quote="Clear them every autumn. " * 9, line=3),),
        closest=(),
        engine=EngineName.LESSONS,
        latency_ms=1,
    )
    lines = printed(answer, piped=True).splitlines()
    assert lines[0] == "Every autumn. [1]"
    assert lines[2] == f'[1] Gutters — "{"Clear them every autumn. " * 9}"'


def test_wrapped_lines_hang_under_the_first_word() -> None:
    reply = Help(entries=(HelpEntry("ask", "word " * 30),), lessons=("Roofs",))
    first, second, *_ = printed(reply, piped=False, width=40).splitlines()
    assert first.index("word") == second.index("word") == len("ask  ")


def test_the_guide_is_a_table_for_eyes_and_tab_separated_for_a_pipe() -> None:
    row = GuideRow(lesson="roofs", section="", row=2, dont_say="never", say="ten years", why="truth", line=9)
    guide = Guide(words="", rows=(row,))
    assert printed(guide, piped=True) == "Row\tDon't say\tDo say\tWhy it matters\n2\tnever\tten years\ttruth\n"
    assert "│ ten years │" in printed(guide, piped=False)


def test_rows_of_several_lessons_are_told_apart() -> None:
    rows = tuple(
        GuideRow(lesson=lesson, section="", row=1, dont_say="a", say="b", why="", line=1) for lesson in ("x", "y")
    )
    assert printed(Guide(words="", rows=rows), piped=True).splitlines()[1:] == ["x 1\ta\tb\t", "y 1\ta\tb\t"]


def test_a_diff_is_red_and_green_where_there_is_colour() -> None:
    text = printed(REPLIES[1], piped=False, colour=True)
    assert "\x1b[31m- " in text
    assert "\x1b[32m+ " in text


def test_a_screen_without_colour_or_terminal_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    screen = Screen(file)
    assert screen.piped
    screen.status("Reading …")
    for part in render(REPLIES[1], piped=screen.piped):
        screen.print(part)
    assert "\x1b" not in file.getvalue()
    assert "Reading" not in file.getvalue()
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = io.StringIO()
    Screen(coloured).print(next(iter(render(REPLIES[6], piped=False))))
    assert "\x1b" not in coloured.getvalue()
