from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.render.message import Message
from bot.channels.slack.render.versions import (
    CANCEL,
    CONFIRM,
    HOW_TO_CONFIRM,
    announcement,
    versions_messages,
)
from bot.channels.version_lines import does
from bot.core.prompts import (
    Act,
    Change,
    ChangedLine,
    Evaluated,
    Moved,
    PromptReply,
    Proposed,
    Trail,
    TrailEntry,
    VersionCard,
    VersionDiff,
    VersionList,
    VersionText,
    WentLive,
)
from tests.slack.rendering import check, contains, nasty_texts, seen, seen_of
from tests.slack.test_render_review import buttons
from tests.terminal.version_replies import BUSY, DIFF, LIST, LIVE, MOVED, NOW, PROPOSED, TEXT, TRAIL, card

MAX_NOTE = 500
notes = nasty_texts.map(lambda text: text[:MAX_NOTE])
persons = st.sampled_from(["slack:T1/U1", "local", "<@U1>", "start"])
cards = st.builds(
    VersionCard,
    number=st.integers(1, 10_000),
    live=st.one_of(st.none(), st.builds(WentLive, at=st.just(NOW), by=persons)),
    share=st.one_of(st.none(), st.integers(1, 99)),
    at=st.just(NOW - timedelta(hours=3)),
    by=persons,
    note=notes,
    digest=st.just("0123456789abcdef" * 4),
    model=notes,
    effort=st.just("low"),
    max_tokens=st.integers(1, 100_000),
    figures=st.just(BUSY),
    evaluated=st.one_of(st.none(), st.just(Evaluated(118, tuple("abcd"), "x", NOW))),
)
lists = st.builds(VersionList, st.lists(cards, max_size=120).map(tuple), st.just(NOW))
lines = st.builds(ChangedLine, st.sampled_from(Change), nasty_texts.map(lambda text: text.replace("\n", " ")))
diffs = st.builds(VersionDiff, st.integers(1, 9), st.integers(1, 9), st.lists(lines, max_size=30).map(tuple))
entries = st.builds(
    TrailEntry,
    position=st.integers(1, 10_000),
    act=st.sampled_from(Act),
    at=st.just(NOW),
    by=persons,
    note=notes,
    version=st.integers(1, 99),
    replaces=st.one_of(st.none(), st.integers(1, 99)),
    detail=notes,
)
proposals = st.builds(
    Proposed,
    act=st.sampled_from(Act),
    version=cards,
    replaces=st.one_of(st.none(), cards),
    share=st.one_of(st.none(), st.integers(1, 99)),
    note=notes,
    diff=st.one_of(st.none(), diffs),
    warnings=st.lists(notes, max_size=4).map(tuple),
    position=st.just(12),
    now=st.just(NOW),
)
replies: st.SearchStrategy[PromptReply] = st.one_of(
    lists,
    st.builds(VersionText, cards, nasty_texts, st.just(NOW)),
    diffs,
    st.builds(Trail, st.lists(entries, max_size=20).map(tuple), st.booleans(), st.just(NOW)),
    proposals,
    st.builds(Moved, st.one_of(st.none(), entries), notes),
)


def lines_of(messages: Sequence[Message]) -> list[str]:
    return seen_of(messages).splitlines()


@given(replies, st.one_of(st.none(), st.just("move-1")))
def test_any_reply_is_within_slacks_limits_and_pings_nobody(reply: PromptReply, pending: str | None) -> None:
    check(versions_messages(reply, pending))


@given(entries, notes)
def test_any_announcement_is_one_message_that_says_why(entry: TrailEntry, summary: str) -> None:
    told = announcement(Moved(entry, summary))
    check([told])
    assert contains(seen(told.blocks), entry.note)
    assert contains(seen(told.blocks), entry.by)


def test_a_version_says_since_when_and_by_whom_it_is_live_and_what_it_did() -> None:
    assert lines_of(versions_messages(LIST, None))[3:6] == [
        "\N{BLACK CIRCLE} Version 3, live since 2026-03-04 10:00 UTC (2 h ago), by slack:T1/U1",
        "12,040 replies · 41 up, 3 down · 1 refused by the guard, 2 by another engine"
        " · 500 ms/2.5 s latency (half, 95%) · 12% from cache · 1.1M tokens for 1,000 replies"
        " · $4.10 for 1,000 replies · evaluation 118/122, 4 failed",
        "published 3 d ago by slack:T024BE7LD/U023BECGF — Shorter answers.",
    ]
    assert lines_of(versions_messages(LIST, None))[0] == "\N{CIRCLE WITH LEFT HALF BLACK} Version 4, trial 10%"


def test_a_version_without_replies_shows_no_figures_that_there_are_none_of() -> None:
    assert lines_of(versions_messages(LIST, None))[7] == "0 replies · 0 up, 0 down · not evaluated"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (VersionList((), NOW), "No version is published yet."),
        (Trail((), earlier=False, now=NOW), "Nothing has happened there."),
        (VersionDiff(1, 2, ()), "Versions 1 and 2 are the same."),
    ],
)
def test_nothing_is_said_to_be_nothing(reply: PromptReply, said: str) -> None:
    assert seen_of(versions_messages(reply, None)) == said


@given(nasty_texts)
def test_a_versions_text_is_shown_whole(text: str) -> None:
    assert contains(seen_of(versions_messages(VersionText(LIVE, text, NOW), None)), text.removesuffix("\n"))


def test_a_versions_text_stands_below_what_it_is() -> None:
    shown = lines_of(versions_messages(TEXT, None))
    assert shown[0] == "Version 3, live"
    assert "small-model, low effort, at most 100 tokens" in shown[1]
    assert shown[2:] == ["---", "model: m", "---", "", "- Be brief."]


def test_a_comparison_has_a_sign_before_every_line() -> None:
    assert lines_of(versions_messages(DIFF, None)) == [
        "What changes from version 3 (-) to version 4 (+)",
        "  ## Answering",
        "- - Be brief.",
        f"+ - Be {'very ' * 20}brief.",
        "…",
    ]


def test_the_trail_says_who_did_what_when_and_why() -> None:
    shown = lines_of(versions_messages(TRAIL, None))
    assert shown[:4] == [
        "12  slack:T1/U9 was denied: activate version 4",
        "5 min ago, 2026-03-04 11:55 UTC",
        "11  auto ended the trial of version 4: version 3 serves everybody",
        "5 min ago, 2026-03-04 11:55 UTC — clearly worse",
    ]
    assert shown[-1] == "There are older ones: prompts log 6"


def test_a_proposal_names_what_it_replaces_and_asks_below_the_comparison() -> None:
    made = versions_messages(PROPOSED, "move-1")
    assert lines_of(made)[5:10] == [
        "Make version 4 live for everybody in place of version 3",
        "Now: version 3, made live 2 h ago by slack:T1/U1, 2026-03-04 10:00 UTC · evaluation 118/122, 4 failed"
        " · Shorter answers.",
        "Then: version 4, published 2 h ago by local, 2026-03-04 10:00 UTC · evaluation 122/122 passed"
        " · Shorter answers.",
        "Reason: shorter answers",
        "Note: Version 4 has not been evaluated: coach eval --prompt 4",
    ]
    assert buttons(made[-1].blocks) == [(CONFIRM, "move-1"), (CANCEL, "move-1")]
    assert made[0].text == "Make version 4 live for everybody in place of version 3"


def test_a_proposal_that_is_not_kept_says_how_to_confirm_it() -> None:
    made = versions_messages(PROPOSED, None)
    assert buttons(made[-1].blocks) == []
    assert lines_of(made)[-1] == HOW_TO_CONFIRM


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (Act.ACTIVATED, "Make version 4 live"),
        (Act.ROLLED_BACK, "Go back to version 4"),
        (Act.TRIAL_STARTED, "Start the trial of version 4"),
        (Act.TRIAL_ENDED, "End the trial of version 4"),
    ],
)
def test_the_button_says_what_it_does(act: Act, said: str) -> None:
    proposed = replace(PROPOSED, act=act, share=10)
    assert does(proposed) == said
    assert f"[{said}]" in seen_of(versions_messages(proposed, "move-1"))


def test_a_move_is_announced_with_who_when_and_why() -> None:
    assert MOVED.entry is not None
    moved = replace(MOVED, entry=replace(MOVED.entry, by="slack:T1/U2", note="Shorter answers."))
    told = announcement(moved)
    assert seen(told.blocks).splitlines() == [
        "Version 4 is live in place of version 3.",
        "slack:T1/U2 made version 4 live in place of version 3, 2026-03-04 11:55 UTC.",
        "Reason: Shorter answers.",
    ]
    assert told.text == "slack:T1/U2 made version 4 live in place of version 3"


def test_what_was_so_before_is_said_in_a_line() -> None:
    assert seen_of(versions_messages(Moved(None, "Version 3 is live already."), None)) == "Version 3 is live already."


def test_many_versions_take_several_messages() -> None:
    many = VersionList(tuple(card(number, note="x" * MAX_NOTE) for number in range(120, 0, -1)), NOW)
    made = versions_messages(many, None)
    check(made)
    assert len(made) > 2
    assert sum(line.startswith("Version ") for line in lines_of(made)) == len(many.versions)
