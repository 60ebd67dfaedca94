"""`coach doctor`: every setting and connection, and what to mend."""

import asyncio
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.doctor.finding import Finding


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Give the findings as JSON.")
def command(as_json: bool) -> int:
    """Check every setting and connection, and say what to mend.

    Nothing is changed, and a server may run meanwhile. What is shown names settings and holds none of their values, so
    it can be pasted into a ticket. Exit status 1 says that there are problems.
    """
    from bot.doctor.finding import State

    with _silent():
        findings = asyncio.run(_examine())
    if as_json:
        from bot.commands.output import write_json

        write_json(_json(findings))
    else:
        from bot.channels.terminal.console import Screen
        from bot.channels.terminal.findings import render_findings

        screen = Screen(sys.stdout)
        for part in render_findings(findings, piped=screen.piped):
            screen.print(part)
    return 1 if any(finding.state is State.PROBLEM for finding in findings) else 0


async def _examine() -> "tuple[Finding, ...]":
    from bot.channels.terminal.console import Screen
    from bot.doctor.checks import checks
    from bot.doctor.examining import examine
    from bot.doctor.reading import read

    screen = Screen(sys.stderr)
    screen.status("Looking …")
    try:
        return await examine(checks(read()))
    finally:
        screen.clear_status()


@contextmanager
def _silent() -> Iterator[None]:
    """Has libraries log nothing: what they say of a failure may hold what was sent."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _json(findings: "tuple[Finding, ...]") -> dict[str, object]:
    from dataclasses import asdict

    from bot.doctor.finding import State

    counts = {state.value: sum(finding.state is state for finding in findings) for state in State}
    return {**counts, "findings": [asdict(finding) for finding in findings]}
