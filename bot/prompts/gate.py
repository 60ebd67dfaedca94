"""The gate: a version that fails a case which the live one passes is not made live, whatever the average says."""

from bot.prompts.standing import Version

MAX_NAMED = 5
"""Cases that are named one by one."""


def regressions(candidate: Version, live: Version | None) -> tuple[str, ...]:
    """The cases that `candidate` fails and `live` passes; empty when their evaluations cannot be compared."""
    ours, theirs = candidate.evaluation, live.evaluation if live else None
    if ours is None or theirs is None or (ours.engine, ours.basis) != (theirs.engine, theirs.basis):
        return ()
    passed = set(theirs.passed)
    return tuple(case for case in ours.failed if case in passed)


def regressed(candidate: Version, live: Version, cases: tuple[str, ...]) -> str:
    """Says in a line that the gate is closed, and by which cases."""
    named = ", ".join(cases[:MAX_NAMED])
    more = f" and {len(cases) - MAX_NAMED} more" if len(cases) > MAX_NAMED else ""
    what = "a case" if len(cases) == 1 else f"{len(cases)} cases"
    return f"Version {candidate.number} fails {what} that version {live.number} passes: {named}{more}."


def cautions(candidate: Version, live: Version | None) -> tuple[str, ...]:
    """What to know of a candidate's evaluation before it is made live, a line each."""
    if candidate.evaluation is None:
        return (f"Version {candidate.number} has not been evaluated: coach eval --prompt {candidate.number}",)
    if live is None:
        return ()
    if live.evaluation is None:
        return (
            f"Version {live.number} has not been evaluated, so nothing can be compared: "
            f"coach eval --prompt {live.number}",
        )
    ours, theirs = candidate.evaluation, live.evaluation
    if (ours.engine, ours.basis) != (theirs.engine, theirs.basis):
        return (
            f"Versions {candidate.number} and {live.number} were evaluated on other lessons, cases or engines, so "
            f"nothing can be compared: coach eval --prompt {candidate.number}, coach eval --prompt {live.number}",
        )
    cases = regressions(candidate, live)
    return (regressed(candidate, live, cases),) if cases else ()
