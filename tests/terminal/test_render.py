import io
from dataclasses import replace

import pytest

from bot.channels.terminal.console import Screen
from bot.channels.terminal.render import render
from bot.core.lessons import GuideRow
from bot.core.prompts import Act, Change, ChangedLine, Moved, Trail, VersionDiff, VersionList, VersionText
from bot.core.replies import (
    Answer,
    Citation,
    Edit,
    EngineName,
    Failed,
    Finding,
    Forgotten,
    Guide,
    Help,
    HelpEntry,
    Noted,
    Refused,
    Reply,
    Review,
)
from tests.terminal.printing import printed
from tests.terminal.version_replies import NOW, PROPOSED, card, entry

EVIL = "\x1b[2J\x1b]0;owned\x07[red]x[/red]\u202e"
ROW = GuideRow(
    lesson="roofs", section="Guide", row=2, dont_say=f"never leaks {EVIL}", say=f"ten years {EVIL}", why=EVIL, line=9
)
DRAFT = f"Hi\nIt never leaks {EVIL}.\nBye"
FOUND = Finding(row=ROW, start=3, end=len(DRAFT) - 4, quote=DRAFT[3:-4], confidence=0.9)
REPLIES: list[Reply] = [
    Answer(
        id="local:1",
        question="q",
        text=f"Yes [1] {EVIL}",
        covered=True,
        citations=(Citation(n=1, lesson="roofs", section=f"Care{EVIL}", quote=f"Words {EVIL}", line=3),),
        closest=(Citation(n=1, lesson=EVIL, section="", quote=EVIL, line=3),),
        engine=EngineName.LESSONS,
        latency_ms=1,
        model=None,
        prompt_version=1,
        prompt_stale=False,
    ),
    Review(
        draft=DRAFT,
        findings=(FOUND,),
        notes=(FOUND,),
        edits=(Edit(start=FOUND.start, end=FOUND.end, before=FOUND.quote, after=ROW.say),),
        rewritten="",
        engine=EngineName.LESSONS,
        latency_ms=1,
        prompt_version=1,
        prompt_stale=False,
    ),
    Guide(words=EVIL, rows=(ROW,)),
    Guide(words=EVIL, rows=()),
    Help(entries=(HelpEntry("any", "thing"),), lessons=(EVIL,), about=EVIL),
    Forgotten(turns=2),
    Refused(reason=EVIL),
    Noted("up"),
    Failed(id=EVIL),
    VersionList((card(1, live=True, by=EVIL, note=EVIL), card(2, share=5)), NOW),
    VersionText(card(1, by=EVIL, note=EVIL), EVIL, NOW),
    VersionDiff(1, 2, (ChangedLine(Change.ADDED, EVIL, ((1, 5),)),)),
    VersionDiff(1, 2, ()),
    Trail((entry(1, Act.DENIED, by=EVIL, note=EVIL, detail=EVIL),), earlier=True, now=NOW),
    replace(PROPOSED, version=card(1, by=EVIL, note=EVIL), note=EVIL, warnings=(EVIL,)),
    Moved(None, EVIL),
]


@pytest.mark.parametrize("piped", [True, False])
@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_no_reply_can_control_the_terminal(reply: Reply, *, piped: bool) -> None:
    text = printed(reply, piped=piped)
    assert not {"\x1b", "\x07", "\r", "\u202e"} & set(text)


@pytest.mark.parametrize("width", [20, 40, 80, 120, 200])
@pytest.mark.parametrize("reply", REPLIES, ids=lambda reply: type(reply).__name__)
def test_replies_fit_the_terminal(reply: Reply, width: int) -> None:
    assert all(len(line) <= width for line in printed(reply, piped=False, width=width).splitlines())


def test_a_citation_is_one_line_with_its_section_and_quote() -> None:
    answer = Answer(
        id="local:1",
        question="q",
        text="Every autumn. [1]",
        covered=True,
        citations=(Citation(n=1, lesson="roofs", section="Gutters", quote="Clear them every autumn. " * 9, line=3),),
        closest=(),
        engine=EngineName.LESSONS,
        latency_ms=1,
        model=None,
        prompt_version=1,
        prompt_stale=False,
    )
    assert "store is away: version 1" in printed(replace(answer, prompt_stale=True), piped=True)
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


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Forgotten(turns=1), "Forgotten: 1 answer."),
        (Forgotten(turns=2, messages=1), "Forgotten: 2 answers, and 1 message not answered yet."),
        (Noted("up"), "Noted: that answer was good."),
        (Noted("down"), "Noted: that answer was not good."),
        (Failed(id="slack:Ev1"), "coach inbox: slack:Ev1"),
    ],
)
def test_short_replies_are_a_sentence(reply: Reply, told: str) -> None:
    assert told in printed(reply, piped=True)
