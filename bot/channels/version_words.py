"""Versions, their figures and their trail in words and short numbers."""

from bot.core.prompts import Act, Evaluated, Figures, Proposed, TrailEntry, VersionCard

NOTHING = "\N{EM DASH}"
"""Stands for a figure that there is none of."""

_SECOND_MS = 1_000
_STEPS = ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k"))


def serves(card: VersionCard) -> str:
    """Whom a version serves: "live", "trial 10%", or nothing."""
    if card.live:
        return "live"
    return f"trial {card.share}%" if card.share else ""


def failed(figures: Figures) -> str:
    """Replies that the guard refused + those that another engine gave in the model's place, or 0.

    They are not added up: one reply may be both.
    """
    return f"{figures.guarded}+{figures.fell_back}" if figures.guarded or figures.fell_back else "0"


def latency(figures: Figures) -> str:
    """What half of the replies and what 95% of them took at most: "25/50 ms", "500 ms/2.5 s"."""
    if figures.latency_ms is None:
        return NOTHING
    median, p95 = figures.latency_ms
    if median < _SECOND_MS <= p95:
        return f"{median} ms/{p95 / _SECOND_MS:g} s"
    if p95 < _SECOND_MS:
        return f"{median}/{p95} ms"
    return f"{median / _SECOND_MS:g}/{p95 / _SECOND_MS:g} s"


def tokens(figures: Figures) -> str:
    """All tokens of a thousand replies, short: "1.3M"."""
    usage = figures.usage
    spent = usage.input_tokens + usage.output_tokens + usage.cache_read_tokens + usage.cache_write_tokens
    return _short(spent / figures.replies * 1_000) if figures.replies and spent else NOTHING


def from_cache(figures: Figures) -> str:
    """The share of the tokens sent to a model that came from its provider's cache: "87%"."""
    return NOTHING if figures.from_cache is None else f"{figures.from_cache:.0%}"


def cost(figures: Figures) -> str:
    """Dollars for a thousand replies: "$4.10"."""
    return NOTHING if figures.cost is None else f"${figures.cost:,.2f}"


def evaluation(evaluated: Evaluated | None) -> str:
    """What came of the evaluation cases: "118/122 cases, 4 failed"."""
    if evaluated is None:
        return "not evaluated"
    count = len(evaluated.failed)
    cases = f"{evaluated.passed}/{evaluated.passed + count}"
    return f"{cases}, {count} failed" if count else f"{cases} passed"


def happened(entry: TrailEntry) -> str:
    """What somebody did, in words that follow their name."""
    match entry.act:
        case Act.PUBLISHED:
            return _with(f"published version {entry.version}", " ", entry.detail)
        case Act.ACTIVATED:
            place = f" in place of version {entry.replaces}" if entry.replaces else ""
            return _with(f"made version {entry.version} live{place}", ", ", entry.detail)
        case Act.TRIAL_STARTED:
            return _with(f"put version {entry.version} on trial", ": ", entry.detail)
        case Act.TRIAL_ENDED:
            return _with(f"ended the trial of version {entry.version}", ": ", entry.detail)
        case Act.ROLLED_BACK:
            return _with(f"went back from version {entry.replaces} to version {entry.version}", ", ", entry.detail)
        case Act.EVALUATED:
            return _with(f"evaluated version {entry.version}", ": ", entry.detail)
        case Act.DENIED:
            return _with("was denied", ": ", entry.detail)


def proposal(proposed: Proposed) -> str:
    """What would be done, as a command."""
    number = proposed.version.number
    place = f" in place of version {proposed.replaces.number}" if proposed.replaces else ""
    match proposed.act:
        case Act.TRIAL_STARTED:
            return f"Give version {number} to {proposed.share}% of the people, as a trial"
        case Act.TRIAL_ENDED:
            return f"End the trial of version {number}"
        case Act.ROLLED_BACK:
            return f"Go back to version {number}{place}"
        case _:
            return f"Make version {number} live for everybody{place}"


def _with(told: str, between: str, detail: str) -> str:
    return f"{told}{between}{detail}" if detail else told


def _short(count: float) -> str:
    for step, letter in _STEPS:
        if count >= step:
            return f"{count / step:.3g}{letter}"
    return f"{count:.0f}"
