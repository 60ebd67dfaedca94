"""What `coach doctor` found: by subject, one line each, what mends it below, and the count at the end."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from bot.channels.terminal.escaping import one_line
from bot.channels.terminal.layout import Paragraph, counted
from bot.doctor.finding import Finding, State

_SIGNS: Mapping[State, tuple[str, str]] = {
    State.OK: ("✓", "green"),
    State.OFF: ("-", "dim"),
    State.PROBLEM: ("✗", "bold red"),
    State.UNSURE: ("?", "yellow"),
}
"""On a terminal each state has a sign and a colour; elsewhere it is a word."""
_WIDTH = max(len(state.value) for state in State)


def render_findings(findings: Sequence[Finding], *, piped: bool) -> Iterator[RenderableType]:
    """Yields the lines of what was found."""
    for subject, found in groupby(findings, lambda finding: finding.subject):
        yield Text(one_line(subject.capitalize()), style="bold")
        for finding in found:
            label, style = _label(finding.state, piped=piped)
            yield Paragraph(Text(one_line(finding.says), style="dim" if finding.state is State.OFF else ""), label)
            if finding.mend:
                yield Paragraph(Text(one_line(finding.mend), style=style), Text(" " * len(label)))
    yield Text()
    problems = sum(finding.state is State.PROBLEM for finding in findings)
    unsure = sum(finding.state is State.UNSURE for finding in findings)
    yield Text(
        f"{counted(problems, 'problem')}, {unsure:,} to look at.",
        style="bold red" if problems else "bold green",
    )


def _label(state: State, *, piped: bool) -> tuple[Text, str]:
    """What stands before a finding, and the style of what mends it."""
    if piped:
        return Text(f"  {state.value:<{_WIDTH}}  "), ""
    sign, style = _SIGNS[state]
    return Text(f"  {sign} ", style=style), style if state is not State.OK else "dim"
