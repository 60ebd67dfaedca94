"""Text of which letters are made, for tests that hold for any letter."""

from hypothesis import strategies as st

LINES = (
    "We can map every route from one spreadsheet.",
    "Routes redraw themselves when a driver calls in sick!",
    "Would Thursday at 9:30 a.m. suit you?",
    "- Depots: both yards are covered",
    "- the night shift plans itself",
    "* **Fuel:** the planner halves the bill.",
    "1. Send the depot list",
    "2) Pick a pilot yard; we do the rest",
    "> Does it work offline?",
    "> > Ask them about tyres.",
    "  > and the price?",
    "On Tue, Mar 4, 2025 at 9:12 AM Ines Sol <ines@haul.example> wrote:",
    "-----Original Message-----",
    "From: Ines Sol",
    "Sent: Tuesday",
    "Subject: Route planning",
    "Hi Ines,",
    "Hello Ines, the planner learns your roads.",
    "Best regards,",
    "Tom Reyes",
    "-- ",
    "Sent from my iPhone",
    "```",
    "route --all **now**",
    "See https://haul.example/a_b?c=(d) or mail tom@haul.example.",
    "**Every yard. Every day.** It _just works_ with `plan.csv`.",
    "## What it does",
    "| Yard | Claim |",
    "|---|---|",
    "| North | it never breaks |",
    "=====",
    "(It pays for itself.) \u201cNo training is needed,\u201d they say \u2014 really\u2026",
    "it just works\U0001f69a",
    "\u05d4\u05de\u05e2\u05e8\u05db\u05ea \u05dc\u05d5\u05de\u05d3\u05ea. \u05d1\u05d0\u05de\u05ea?",
    "<b>Trucks &amp; trailers</b> plan themselves<br>always",
    "",
    "",
    "   ",
)
ENDS = ("\n", "\r\n", "\r", "\u2028")


def lines_of_mail() -> st.SearchStrategy[list[str]]:
    """Lines as they stand in mails, mixed with anything."""
    return st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=14)


def drafts() -> st.SearchStrategy[str]:
    """Letters with any line ending, and any text at all, lone surrogates included."""
    letters = st.builds(lambda lines, end: end.join(lines), lines_of_mail(), st.sampled_from(ENDS))
    pages = st.builds(lambda lines: "<html><body><p>" + "</p>\n<p>".join(lines) + "</p></body></html>", lines_of_mail())
    anything = st.text(st.characters(), max_size=200)
    scraps = st.text(alphabet="ab .!?\n\r>*_`[]()<>/-#|&;:\"'1A\u2014\u2026\u200b\ud800", max_size=80)
    return st.one_of(letters, pages, anything, scraps)
