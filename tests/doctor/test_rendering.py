"""How findings look: a word each in a pipe, a sign and a colour on a terminal."""

from bot.channels.terminal.findings import render_findings
from bot.doctor.finding import Finding, State
from tests.terminal.printing import printed_parts

FINDINGS = (
    Finding("store", State.OK, "it is there"),
    Finding("store", State.PROBLEM, "it is full " + "and so on " * 12 + "\x1b[2J\n", "make room"),
    Finding("slack", State.OFF, "no token"),
    Finding("teams", State.UNSURE, "who knows", "look"),
)


def test_in_a_pipe_each_finding_is_a_line_and_its_mend_another() -> None:
    out = printed_parts(render_findings(FINDINGS, piped=True), piped=True)
    assert out.splitlines() == [
        "Store",
        "  ok       it is there",
        "  problem  it is full " + "and so on " * 12 + "\\x1b[2J\\x0a",
        "           make room",
        "Slack",
        "  off      no token",
        "Teams",
        "  unsure   who knows",
        "           look",
        "",
        "1 problem, 1 to look at.",
    ]


def test_on_a_terminal_there_are_signs_and_lines_hang_below_their_beginning() -> None:
    lines = printed_parts(render_findings(FINDINGS, piped=False)).splitlines()
    assert lines[:2] == ["Store", "  ✓ it is there"]
    assert lines[2].startswith("  ✗ it is full")
    assert lines[3].startswith("    ")
    assert "    make room" in lines
    assert "  - no token" in lines
    assert "  ? who knows" in lines
    assert max(map(len, lines)) <= 80


def test_colour_is_for_terminals_alone() -> None:
    assert "\x1b[" in printed_parts(render_findings(FINDINGS, piped=False), colour=True)
    assert "\x1b[" not in printed_parts(render_findings(FINDINGS, piped=True), piped=True)


def test_the_last_line_counts() -> None:
    for findings, line in (
        ((), "0 problems, 0 to look at."),
        (FINDINGS[1:2] * 2, "2 problems, 0 to look at."),
    ):
        assert printed_parts(render_findings(findings, piped=True), piped=True).splitlines()[-1] == line
