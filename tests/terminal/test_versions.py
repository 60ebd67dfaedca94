from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.terminal.times import age, ago, utc
from bot.channels.version_words import latency, tokens
from bot.core.prompts import Act, Figures, Trail, Usage, VersionCard, VersionDiff, VersionList
from tests.terminal.printing import printed
from tests.terminal.version_replies import (
    DIFF,
    IDLE,
    LIST,
    LIVE,
    MOVED,
    NOW,
    ON_TRIAL,
    PROPOSED,
    TEXT,
    TRAIL,
    card,
    entry,
)


def test_the_list_is_figures_in_columns_with_the_rest_hanging_below() -> None:
    assert printed(LIST).splitlines() == [
        "      Age  Replies  Up  Down  Failed       Latency  Tokens  From cache   Cost",
        "◐ 4   2 h        7   0     0       0      25/50 ms       —           —      —",
        "     trial 10% · local · 122/122 passed",
        "     Shorter answers.",
        "● 3   3 d   12,040  41     3     1+2  500 ms/2.5 s    1.1M         12%  $4.10",
        "     live · slack:T024BE7LD/U023BECGF · 118/122, 4 failed",
        "     Shorter answers.",
        "  1  41 d        0   0     0       0             —       —           —      —",
        "     start · not evaluated",
        "",
        "Failed: refused by the guard + answered by another engine. Latency: half and 95%",
        "of the replies took at most this. Tokens and cost: for 1,000 replies. From",
        "cache: of the tokens that were sent.",
    ]


def test_on_a_narrow_terminal_each_figure_stands_behind_its_name() -> None:
    shown = printed(LIST, width=50)
    assert "● 3  Age 3 d · Replies 12,040 · Up 41 · Down 3 ·\n     Failed 1+2 · Latency" in shown


def test_the_mark_is_green_for_the_live_version_and_yellow_for_one_on_trial() -> None:
    shown = printed(LIST, colour=True)
    assert "\x1b[1;32m● 3" in shown
    assert "\x1b[1;33m◐ 4" in shown


def test_a_list_into_a_pipe_is_a_line_a_version_between_tabs() -> None:
    header, trial, live, idle = [line.split("\t") for line in printed(LIST, piped=True).splitlines()]
    assert dict(zip(header, live, strict=True)) == {
        "Version": "3",
        "Serves": "live",
        "Age": "3 d",
        "Published": "2026-03-01T12:00:00+00:00",
        "By": "slack:T024BE7LD/U023BECGF",
        "Replies": "12040",
        "Up": "41",
        "Down": "3",
        "Refused by guard": "1",
        "Fell back": "2",
        "Latency": "500 ms/2.5 s",
        "Tokens per 1,000": "1.1M",
        "From cache": "12%",
        "Cost per 1,000": "$4.10",
        "Evaluation": "118/122, 4 failed",
        "Note": "Shorter answers.",
    }
    assert (trial[1], idle[1], idle[-1]) == ("trial 10%", "", "")


def test_an_empty_list_says_so() -> None:
    assert printed(VersionList((), NOW)) == "No version is published yet.\n"


def test_a_version_is_its_text_with_where_it_comes_from_and_into_a_pipe_its_text_alone() -> None:
    assert printed(TEXT).splitlines() == [
        "Version 3, live",
        "published 3 d ago by slack:T024BE7LD/U023BECGF, 2026-03-01 12:00 UTC · 118/122,",
        "4 failed · sha256 0123456789ab",
        "",
        *TEXT.text.splitlines(),
    ]
    assert printed(TEXT, piped=True) == TEXT.text


def test_a_comparison_marks_what_changed_and_its_long_lines_hang() -> None:
    lines = printed(DIFF).splitlines()
    assert lines[:4] == ["--- version 3", "+++ version 4", "  ## Answering", "- - Be brief."]
    assert lines[4].startswith("+ - Be very")
    assert lines[5].startswith("  very")
    assert lines[-1] == "…"
    assert "\x1b[1;4;31mbrief\x1b[0m" in printed(DIFF, colour=True)


def test_a_comparison_without_changes_says_so() -> None:
    assert printed(VersionDiff(1, 2, ())) == "Versions 1 and 2 are the same.\n"


def test_the_trail_tells_who_did_what_when_and_why() -> None:
    assert printed(TRAIL).splitlines() == [
        "12  slack:T1/U9 was denied: activate version 4",
        "    5 min ago, 2026-03-04 11:55 UTC",
        "11  auto ended the trial of version 4: version 3 serves everybody",
        "    5 min ago, 2026-03-04 11:55 UTC — clearly worse",
        "10  local put version 4 on trial: 10%, version 3 stays live",
        "    5 min ago, 2026-03-04 11:55 UTC — let us see",
        " 9  local evaluated version 4: 121 of 122 cases passed; failed: questions/a",
        "    5 min ago, 2026-03-04 11:55 UTC",
        " 8  local went back from version 2 to version 3",
        "    5 min ago, 2026-03-04 11:55 UTC — wrong tone wrong tone wrong tone wrong",
        "    tone wrong tone wrong tone wrong tone wrong tone wrong tone wrong tone wrong",
        "    tone wrong tone wrong tone wrong tone wrong tone wrong tone wrong tone wrong",
        "    tone wrong tone wrong tone",
        " 7  local made version 2 live in place of version 3, forced",
        "    5 min ago, 2026-03-04 11:55 UTC — urgent",
        " 6  start published version 4 from 0004.md",
        "    5 min ago, 2026-03-04 11:55 UTC — Shorter answers.",
        "",
        "There are older ones: prompts log 6, or coach prompts log --before 6",
    ]


def test_a_trail_into_a_pipe_is_a_line_an_entry_between_tabs() -> None:
    header, first, *_ = printed(TRAIL, piped=True).splitlines()
    assert header == "Entry\tAge\tTime\tBy\tWhat\tNote"
    assert first == "12\t5 min\t2026-03-04T11:55:00+00:00\tslack:T1/U9\twas denied: activate version 4\t"


def test_an_empty_page_of_the_trail_says_so() -> None:
    assert printed(Trail((), False, NOW)) == "Nothing has happened there.\n"


def test_a_first_version_went_live_in_place_of_none() -> None:
    assert "local made version 1 live\n" in printed(Trail((entry(1, Act.ACTIVATED, version=1),), False, NOW))


def test_a_proposal_ends_with_what_is_replaced_what_comes_why_and_what_to_know() -> None:
    shown = printed(PROPOSED)
    assert shown.startswith("--- version 3\n+++ version 4\n")
    assert shown.splitlines()[-8:] == [
        "",
        "Make version 4 live for everybody in place of version 3",
        "  now      version 3, made live 2 h ago by slack:T1/U1",
        "           118/122, 4 failed · Shorter answers.",
        "  then     version 4, published 2 h ago by local",
        "           122/122 passed · Shorter answers.",
        "  reason   shorter answers",
        "  ! Version 4 has not been evaluated: coach eval --prompt 4",
    ]


@pytest.mark.parametrize(
    ("act", "replaces", "share", "told"),
    [
        (Act.ACTIVATED, None, None, "Make version 4 live for everybody"),
        (Act.TRIAL_STARTED, None, 10, "Give version 4 to 10% of the people, as a trial"),
        (Act.TRIAL_ENDED, None, None, "End the trial of version 4"),
        (Act.ROLLED_BACK, LIVE, None, "Go back to version 4 in place of version 3"),
    ],
)
def test_a_proposal_says_what_would_be_done(
    act: Act, replaces: VersionCard | None, share: int | None, told: str
) -> None:
    proposed = replace(PROPOSED, act=act, replaces=replaces, share=share, diff=None, warnings=())
    assert printed(proposed).splitlines()[0] == told


def test_what_was_done_is_one_sentence() -> None:
    assert printed(MOVED) == "Version 4 is live in place of version 3.\n"


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(-5, "now"), (0.9, "now"), (1, "1 min"), (59.9, "59 min"), (60, "1 h"), (47 * 60, "47 h"), (48 * 60, "2 d")],
)
def test_an_age_is_short(minutes: float, shown: str) -> None:
    assert age(NOW - timedelta(minutes=minutes), NOW) == shown
    assert ago(NOW - timedelta(minutes=minutes), NOW) == ("just now" if shown == "now" else f"{shown} ago")


def test_times_are_told_in_utc() -> None:
    assert utc(NOW) == "2026-03-04 12:00 UTC"


@pytest.mark.parametrize(
    ("bounds", "shown"),
    [(None, "—"), ((10, 50), "10/50 ms"), ((1_000, 60_000), "1/60 s"), ((250, 1_000), "250 ms/1 s")],
)
def test_latency_is_told_in_one_unit_where_it_can(bounds: tuple[int, int] | None, shown: str) -> None:
    assert latency(Figures(replies=1, latency_ms=bounds)) == shown


@pytest.mark.parametrize(
    ("replies", "spent", "shown"), [(0, 0, "—"), (10, 0, "—"), (1_000, 750, "750"), (1, 1_234, "1.23M"), (3, 9, "3k")]
)
def test_tokens_are_told_for_a_thousand_replies(replies: int, spent: int, shown: str) -> None:
    assert tokens(Figures(replies=replies, usage=Usage(input_tokens=spent))) == shown


def test_the_columns_give_way_to_names_before_a_line_gets_too_long() -> None:
    huge = card(figures=Figures(replies=10**12, up=10**12, down=10**12, cost=10.0**9, latency_ms=(10, 180_000)))
    for width in (80, 120):
        assert max(map(len, printed(VersionList((huge, LIVE, ON_TRIAL, IDLE), NOW), width=width).splitlines())) <= width
