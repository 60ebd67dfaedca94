"""Versions, their figures, their trail and their differences as lines of text."""

from collections.abc import Iterator
from datetime import datetime

from bot.channels import version_words
from bot.channels.slack.render.elements import Element, bold, paragraph
from bot.channels.terminal.times import ago, utc
from bot.core.prompts import Change, ChangedLine, Figures, Proposed, TrailEntry, VersionCard, VersionDiff

LIVE, ON_TRIAL = "\N{BLACK CIRCLE} ", "\N{CIRCLE WITH LEFT HALF BLACK} "
DOT = " \N{MIDDLE DOT} "
DASH = " \N{EM DASH} "
DIGEST = 12
"""Hexadecimal digits of a version's digest that are shown."""


def version_card(card: VersionCard, now: datetime) -> Iterator[Element]:
    """A version among others: whom it serves, what it did, where it comes from."""
    mark = LIVE if card.live else ON_TRIAL if card.share else ""
    yield paragraph(bold(f"{mark}Version {card.number}"), state(card, now))
    yield paragraph(DOT.join((*_figures(card.figures), _evaluation(card))))
    yield paragraph(DASH.join(filter(None, (f"published {ago(card.at, now)} by {card.by}", card.note))))


def state(card: VersionCard, now: datetime) -> str:
    """What follows a version's name: whom it serves, and since when and by whom it is live."""
    if card.live:
        return f", live since {utc(card.live.at)} ({ago(card.live.at, now)}), by {card.live.by}"
    serves = version_words.serves(card)
    return f", {serves}" if serves else ""


def version_heading(card: VersionCard, now: datetime) -> tuple[str, str]:
    """A version by itself: its name with whom it serves, and where it comes from."""
    name = ", ".join(filter(None, (f"Version {card.number}", version_words.serves(card))))
    published = f"published {ago(card.at, now)} by {card.by}, {utc(card.at)}"
    model = f"{card.model}, {card.effort} effort, at most {card.max_tokens:,} tokens"
    evaluated = _evaluation(card)
    return name, DOT.join((published, model, evaluated, f"sha256 {card.digest[:DIGEST]}"))


def named(what: str, card: VersionCard, now: datetime) -> Element:
    """One of the versions that a proposal is about: since when and by whom it is what it is."""
    done, at, by = ("made live", card.live.at, card.live.by) if card.live else ("published", card.at, card.by)
    told = f"version {card.number}, {done} {ago(at, now)} by {by}, {utc(at)}"
    said = DOT.join(filter(None, (_evaluation(card), card.note)))
    return paragraph(bold(f"{what}: "), f"{told}{DOT}{said}")


def proposal(proposed: Proposed) -> Iterator[Element]:
    """What would be done, what it would replace, why, and what to know before."""
    yield paragraph(bold(version_words.proposal(proposed)))
    if proposed.replaces:
        yield named("Now", proposed.replaces, proposed.now)
    yield named("Then" if proposed.replaces else "Version", proposed.version, proposed.now)
    yield paragraph(bold("Reason: "), proposed.note)
    for warning in proposed.warnings:
        yield paragraph(bold("Note: "), warning)


def trail_entry(entry: TrailEntry, now: datetime) -> Element:
    """Who did what, when and why."""
    when = f"{ago(entry.at, now)}, {utc(entry.at)}"
    why = f"{DASH}{entry.note}" if entry.note else ""
    return paragraph(bold(f"{entry.position}  {entry.by}"), f" {version_words.happened(entry)}\n{when}{why}")


def diff_title(diff: VersionDiff) -> str:
    """Which versions are compared, or that there is nothing to compare."""
    if not diff.lines:
        return f"Versions {diff.old} and {diff.new} are the same."
    return f"What changes from version {diff.old} (-) to version {diff.new} (+)"


def diff_line(line: ChangedLine) -> str:
    """A line behind its sign."""
    return line.change.value if line.change is Change.GAP else f"{line.change.value} {line.text}"


def _evaluation(card: VersionCard) -> str:
    told = version_words.evaluation(card.evaluated)
    return f"evaluation {told}" if card.evaluated else told


def _figures(did: Figures) -> Iterator[str]:
    yield "1 reply" if did.replies == 1 else f"{did.replies:,} replies"
    yield f"{did.up:,} up, {did.down:,} down"
    if did.guarded or did.fell_back:
        yield f"{did.guarded:,} refused by the guard, {did.fell_back:,} by another engine"
    if did.latency_ms is not None:
        yield f"{version_words.latency(did)} latency (half, 95%)"
    if did.from_cache is not None:
        yield f"{version_words.from_cache(did)} from cache"
    if did.replies and version_words.tokens(did) != version_words.NOTHING:
        yield f"{version_words.tokens(did)} tokens for 1,000 replies"
    if did.cost is not None:
        yield f"{version_words.cost(did)} for 1,000 replies"
