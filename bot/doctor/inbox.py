"""Messages that wait, and those that were given up."""

from collections.abc import Sequence

from bot.doctor.examining import Once
from bot.doctor.finding import Finding, State
from bot.doctor.kept import Kept

SUBJECT = "inbox"
LONG = 600.0
"""Seconds after which a message that is still open says that nobody answers it, or nobody can."""


async def check(kept: Once[Kept | None]) -> Sequence[Finding]:
    """Says how many there are of both."""
    held = await kept()
    if held is None:
        return [Finding(SUBJECT, State.UNSURE, "not counted: the store cannot be read", "mend the store first")]
    depth = held.depth
    says = f"{depth.waiting:,} waiting, {depth.leased:,} being answered"
    findings = [Finding(SUBJECT, State.OK, says)]
    if depth.waiting and depth.oldest > LONG:
        says += f", the oldest for {depth.oldest / 60:,.0f} min"
        mend = "see that `coach serve` runs with the settings of their platform, and what its log says"
        findings = [Finding(SUBJECT, State.PROBLEM, says, mend)]
    if depth.dead:
        mend = "`coach inbox` says why; `coach inbox retry --all` tries them once more"
        findings.append(Finding(SUBJECT, State.PROBLEM, f"{depth.dead:,} given up, unanswered", mend))
    return findings
