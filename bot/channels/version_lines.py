"""Versions, proposals, the trail and comparisons in lines of words, as channels with cards show them."""

from collections.abc import Iterator
from datetime import datetime

from bot.channels import version_words
from bot.channels.terminal.times import ago, utc
from bot.core.prompts import Act, Change, ChangedLine, Figures, Proposed, TrailEntry, VersionCard, VersionDiff

LIVE, ON_TRIAL = "\N{BLACK CIRCLE} ", "\N{CIRCLE WITH LEFT HALF BLACK} "
DOT = " \N{MIDDLE DOT} "
DASH = " \N{EM DASH} "
DIGEST = 12
"""Hexadecimal digits of a version's digest that are shown."""
NO_VERSIONS = "No version is published yet."
NO_ENTRIES = "Nothing has happened there."


def marked_name(card: VersionCard) -> str:
    """A version among others, with a mark for one that serves somebody."""
    mark = LIVE if card.live else ON_TRIAL if card.share else ""
    return f"{mark}Version {card.number}"


def state(card: VersionCard, now: datetime) -> str:
    """What follows a version's name: whom it serves, and since when and by whom it is live."""
    if card.live:
        return f", live since {utc(card.live.at)} ({ago(card.live.at, now)}), by {card.live.by}"
    serves = version_words.serves(card)
    return f", {serves}" if serves else ""


def did(card: VersionCard) -> str:
    """What a version did, and what came of its evaluation."""
    return DOT.join((*_figures(card.figures), _evaluation(card)))


def published(card: VersionCard, now: datetime) -> str:
    """Where a version comes from."""
    return DASH.join(filter(None, (f"published {ago(card.at, now)} by {card.by}", card.note)))


def heading(card: VersionCard, now: datetime) -> tuple[str, str]:
    """A version by itself: its name with whom it serves, and where it comes from."""
    name = ", ".join(filter(None, (f"Version {card.number}", version_words.serves(card))))
    published = f"published {ago(card.at, now)} by {card.by}, {utc(card.at)}"
    model = f"{card.model}, {card.effort} effort, at most {card.max_tokens:,} tokens"
    evaluated = _evaluation(card)
    return name, DOT.join((published, model, evaluated, f"sha256 {card.digest[:DIGEST]}"))


def proposal(proposed: Proposed) -> Iterator[tuple[str, str]]:
    """What a proposal would replace, why, and what to know before: what stands in bold, and what follows it."""
    if proposed.replaces:
        yield "Now: ", _named(proposed.replaces, proposed.now)
    yield "Then: " if proposed.replaces else "Version: ", _named(proposed.version, proposed.now)
    yield "Reason: ", proposed.note
    for warning in proposed.warnings:
        yield "Note: ", warning


def does(proposed: Proposed) -> str:
    """What confirming a proposal does, in few words."""
    number = proposed.version.number
    match proposed.act:
        case Act.TRIAL_STARTED:
            return f"Start the trial of version {number}"
        case Act.TRIAL_ENDED:
            return f"End the trial of version {number}"
        case Act.ROLLED_BACK:
            return f"Go back to version {number}"
        case _:
            return f"Make version {number} live"


def entry_title(entry: TrailEntry) -> str:
    """An entry's place in the trail, and who."""
    return f"{entry.position}  {entry.by}"


def entry_when(entry: TrailEntry, now: datetime) -> str:
    """When something happened, and why."""
    why = f"{DASH}{entry.note}" if entry.note else ""
    return f"{ago(entry.at, now)}, {utc(entry.at)}{why}"


def who_did(entry: TrailEntry) -> str:
    """Who did it, when and why."""
    why = f"\nReason: {entry.note}" if entry.note else ""
    return f"{entry.by} {version_words.happened(entry)}, {utc(entry.at)}.{why}"


def diff_title(diff: VersionDiff) -> str:
    """Which versions are compared, or that there is nothing to compare."""
    if not diff.lines:
        return f"Versions {diff.old} and {diff.new} are the same."
    return f"What changes from version {diff.old} (-) to version {diff.new} (+)"


def diff_line(line: ChangedLine) -> str:
    """A line behind its sign."""
    return line.change.value if line.change is Change.GAP else f"{line.change.value} {line.text}"


def _named(card: VersionCard, now: datetime) -> str:
    """One of the versions that a proposal is about: since when and by whom it is what it is."""
    done, at, by = ("made live", card.live.at, card.live.by) if card.live else ("published", card.at, card.by)
    told = f"version {card.number}, {done} {ago(at, now)} by {by}, {utc(at)}"
    return DOT.join(filter(None, (told, _evaluation(card), card.note)))


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
