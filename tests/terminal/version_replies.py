"""Replies about versions as the desk makes them, built by hand."""

from datetime import UTC, datetime, timedelta

from bot.core.prompts import (
    Act,
    Change,
    ChangedLine,
    Evaluated,
    Figures,
    Moved,
    Proposed,
    Trail,
    TrailEntry,
    Usage,
    VersionCard,
    VersionDiff,
    VersionList,
    VersionText,
    WentLive,
)

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


def card(
    number: int = 1,
    *,
    live: bool = False,
    share: int | None = None,
    hours: float = 72,
    by: str = "local",
    note: str = "Shorter answers.",
    figures: Figures | None = None,
    evaluated: Evaluated | None = None,
) -> VersionCard:
    return VersionCard(
        number=number,
        live=WentLive(at=NOW - timedelta(hours=2), by="slack:T1/U1") if live else None,
        share=share,
        at=NOW - timedelta(hours=hours),
        by=by,
        note=note,
        digest="0123456789abcdef" * 4,
        model="small-model",
        effort="low",
        max_tokens=100,
        figures=figures or Figures(),
        evaluated=evaluated,
    )


BUSY = Figures(
    replies=12_040,
    up=41,
    down=3,
    guarded=1,
    fell_back=2,
    usage=Usage(9_000_000, 3_000_000, 1_200_000, 40_000),
    cost=4.1,
    latency_ms=(500, 2_500),
)
LIVE = card(
    3, live=True, by="slack:T024BE7LD/U023BECGF", figures=BUSY, evaluated=Evaluated(118, tuple("abcd"), "x", NOW)
)
ON_TRIAL = card(
    4, share=10, hours=2, figures=Figures(replies=7, latency_ms=(25, 50)), evaluated=Evaluated(122, (), "x", NOW)
)
IDLE = card(1, by="start", hours=1_000, note="")
LIST = VersionList((ON_TRIAL, LIVE, IDLE), NOW)
DIFF = VersionDiff(
    3,
    4,
    (
        ChangedLine(Change.SAME, "## Answering"),
        ChangedLine(Change.REMOVED, "- Be brief.", ((5, 10),)),
        ChangedLine(Change.ADDED, "- Be " + "very " * 20 + "brief.", ((5, 105),)),
        ChangedLine(Change.GAP, ""),
    ),
)


def entry(
    position: int,
    act: Act,
    *,
    by: str = "local",
    note: str = "",
    version: int | None = None,
    replaces: int | None = None,
    detail: str = "",
) -> TrailEntry:
    at = NOW - timedelta(minutes=5)
    return TrailEntry(position, act, at, by, note, version=version, replaces=replaces, detail=detail)


TRAIL = Trail(
    (
        entry(12, Act.DENIED, by="slack:T1/U9", detail="activate version 4"),
        entry(11, Act.TRIAL_ENDED, by="auto", version=4, detail="version 3 serves everybody", note="clearly worse"),
        entry(10, Act.TRIAL_STARTED, version=4, detail="10%, version 3 stays live", note="let us see"),
        entry(9, Act.EVALUATED, version=4, detail="121 of 122 cases passed; failed: questions/a"),
        entry(8, Act.ROLLED_BACK, version=3, replaces=2, note="wrong tone " * 20),
        entry(7, Act.ACTIVATED, version=2, replaces=3, detail="forced", note="urgent"),
        entry(6, Act.PUBLISHED, by="start", version=4, detail="from 0004.md", note="Shorter answers."),
    ),
    earlier=True,
    now=NOW,
)
PROPOSED = Proposed(
    act=Act.ACTIVATED,
    version=ON_TRIAL,
    replaces=LIVE,
    share=None,
    note="shorter answers",
    diff=DIFF,
    warnings=("Version 4 has not been evaluated: coach eval --prompt 4",),
    position=12,
    now=NOW,
)
TEXT = VersionText(LIVE, "---\nmodel: m\n---\n\n- Be brief.\n", NOW)
MOVED = Moved(entry(13, Act.ACTIVATED, version=4, replaces=3), "Version 4 is live in place of version 3.")
