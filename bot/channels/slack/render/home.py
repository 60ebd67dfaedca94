"""App Home: what the coach does and the guide; for admins the versions of the system prompt before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels.slack.render.elements import (
    Element,
    actions,
    bold,
    button,
    context,
    divider,
    header,
    paragraph,
    rich_text,
    text_blocks,
)
from bot.channels.slack.render.message import Block
from bot.channels.slack.render.version_lines import trail_entry, version_card
from bot.channels.slack.render.view_size import MAX_BLOCKS, MAX_BYTES, size
from bot.channels.split import shortened
from bot.channels.version_lines import state
from bot.core.lessons import GuideRow
from bot.core.prompts import Trail, VersionCard, VersionList
from bot.core.replies import Guide, Help

MAX_VERSIONS = 8
MAX_ENTRIES = 5
MAX_LESSONS = 1_000
"""Characters of the line that names the lessons."""
WELCOME = "I answer your questions from the lessons and review drafts before they go out."
WAYS = (
    ("Ask", "write to me in the Messages tab, or mention me in a channel"),
    ("Review", "press the button below, send me a draft or a file, or choose Review phrasing on any message"),
    ("Look up", "/coach guide and a few words: what not to say, what to say instead, and why"),
    ("Be forgotten", "/coach forget me erases what is kept about you"),
)
"""How the coach is used, a line each."""


@dataclass(frozen=True, slots=True)
class AdminHome:
    """What App Home shows to an admin."""

    versions: VersionList
    trail: Trail


def home_view(guide: Guide, help_: Help, admin: AdminHome | None) -> dict[str, object]:
    """Gives App Home; `admin` is None for everybody who is none."""
    blocks = [*_welcome(help_), *(_versions(admin) if admin else ())]
    return {"type": "home", "blocks": [*blocks, *_guide(guide, taken=blocks)]}


def _welcome(help_: Help) -> Iterator[Block]:
    yield header("Field Coach")
    yield from text_blocks(WELCOME)
    yield from rich_text(*(paragraph(bold(f"{name}: "), told) for name, told in WAYS))
    yield actions(
        button("Ask a question", "home.ask", style="primary"), button("Review a draft", "home.review", style="primary")
    )
    lessons = shortened(f"Lessons: {'; '.join(help_.lessons)}", MAX_LESSONS)
    yield context(lessons if help_.lessons else "No lessons are loaded.")


def _versions(admin: AdminHome) -> Iterator[Block]:
    cards, now = admin.versions.versions, admin.versions.now
    live = next((card for card in cards if card.live), None)
    on_trial = next((card for card in cards if card.share), None)
    yield header("Versions of the system prompt")
    yield from text_blocks(_now_serving(live, on_trial, now))
    buttons = (
        *((button("Compare versions", "home.compare"),) if len(cards) > 1 else ()),
        *((button("Roll back", "home.rollback", style="danger"),) if live else ()),
        button("Trail", "home.trail"),
    )
    yield actions(*buttons)
    for card in cards[:MAX_VERSIONS]:
        yield from rich_text(*version_card(card, now))
        yield actions(*_version_buttons(card))
    if len(cards) > MAX_VERSIONS:
        yield context(f"{len(cards) - MAX_VERSIONS:,} older ones: /coach prompts")
    if admin.trail.entries:
        yield from rich_text(
            paragraph(bold("What happened last")),
            *(trail_entry(entry, admin.trail.now) for entry in admin.trail.entries[:MAX_ENTRIES]),
        )
    yield divider()


def _now_serving(live: VersionCard | None, on_trial: VersionCard | None, now: datetime) -> str:
    served = f"Version {live.number}{state(live, now)}." if live else "No version is live."
    return f"{served} Version {on_trial.number} serves {on_trial.share}% as a trial." if on_trial else served


def _version_buttons(card: VersionCard) -> Iterator[Element]:
    yield button(f"Show version {card.number}", "home.show", str(card.number))
    if not card.live:
        yield button(f"Make version {card.number} live \N{HORIZONTAL ELLIPSIS}", "home.activate", str(card.number))


def _guide(guide: Guide, *, taken: Sequence[Block]) -> Iterator[Block]:
    yield header("What to say")
    if not guide.rows:
        yield from text_blocks("The guide has no rows yet.")
        return
    lessons = len({row.lesson for row in guide.rows})
    most = MAX_BLOCKS - len(taken) - 2  # the heading and the line that says where the rest is
    room = MAX_BYTES - size(taken)
    for number, row in enumerate(guide.rows):
        blocks = _row(row, with_lesson=lessons > 1)
        most -= len(blocks)
        room -= size(blocks)
        if most < 0 or room < 0:
            yield context(f"{len(guide.rows) - number:,} more rows: /coach guide and a few words")
            return
        yield from blocks


def _row(row: GuideRow, *, with_lesson: bool) -> tuple[Block, ...]:
    runs: list[Element | str] = [bold("Don't say: "), f"{row.dont_say}\n", bold("Do say: "), row.say]
    if row.why:
        runs += ["\n", bold("Why: "), row.why]
    if with_lesson:
        runs += [f" ({row.lesson} {row.row})"]
    return rich_text(paragraph(*runs))
