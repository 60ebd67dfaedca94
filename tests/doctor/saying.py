"""Findings, told briefly."""

from collections.abc import Sequence

from bot.doctor.finding import Finding, State


def told(findings: Sequence[Finding]) -> list[tuple[State, str]]:
    """How each thing stands and what is said of it."""
    return [(finding.state, finding.says) for finding in findings]


def worst(findings: Sequence[Finding]) -> list[Finding]:
    """The problems."""
    return [finding for finding in findings if finding.state is State.PROBLEM]


def only(findings: Sequence[Finding]) -> Finding:
    """The one problem there is."""
    (problem,) = worst(findings)
    return problem
