from datetime import UTC, datetime, timedelta

from bot.channels.terminal.feedback import HEADER, render_feedback
from bot.core.choices import Choice
from bot.core.comments import Comment
from bot.core.decisions import Decision, RowFeedback
from tests.terminal.printing import printed_parts

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
TILES, ROOF = "Our tiles last forever", "This roof never leaks"


def decision(choice: Choice, ago: timedelta, reason: str = "", text: str | None = None) -> Decision:
    return Decision(id="d", at=NOW - ago, lesson="roofs", row=2, choice=choice, reason=reason, text=text)


ROWS = (
    RowFeedback("roofs", 1, ROOF, {Choice.USE: 1200, Choice.KEEP: 0, Choice.NOT_MEANT: 0}, ()),
    RowFeedback(
        "roofs",
        2,
        TILES,
        {Choice.USE: 3, Choice.KEEP: 2, Choice.NOT_MEANT: 1},
        (
            decision(Choice.KEEP, timedelta(hours=2), "They are guaranteed", "Our tiles last forever, so we say."),
            decision(Choice.NOT_MEANT, timedelta(days=3), "It is a book title"),
            decision(Choice.KEEP, timedelta(days=4), "", "Tiles last forever."),
        ),
    ),
)


def shown(
    rows: tuple[RowFeedback, ...], comments: tuple[Comment, ...] = (), *, piped: bool = False, width: int = 80
) -> str:
    return printed_parts(render_feedback(rows, comments, piped=piped, now=NOW), piped=piped, width=width)


def test_each_row_is_its_words_its_counts_and_below_them_what_was_said() -> None:
    assert shown(ROWS).splitlines() == [
        "roofs, row 1: This roof never leaks",
        "  used 1,200 · kept 0 · not meant 0",
        "",
        "roofs, row 2: Our tiles last forever",
        "  used 3 · kept 2 · not meant 1",
        "  kept  2 h ago, 2026-03-04 10:00 UTC — They are guaranteed",
        "        “Our tiles last forever, so we say.”",
        "  not meant  3 d ago, 2026-03-01 12:00 UTC — It is a book title",
        "  kept  4 d ago, 2026-02-28 12:00 UTC",
        "        “Tiles last forever.”",
    ]


COMMENTS = (
    Comment(id="2", at=NOW - timedelta(hours=1), reaction="down", text="Too long for [bold]me[/]"),
    Comment(id="1", at=NOW - timedelta(days=2), reaction="up", text="Right to the point"),
)


def test_below_the_rows_stands_what_people_wrote_about_answers() -> None:
    assert shown((), COMMENTS).splitlines()[-3:] == [
        "Answers",
        "  disliked  1 h ago, 2026-03-04 11:00 UTC — Too long for [bold]me[/]",
        "  liked  2 d ago, 2026-03-02 12:00 UTC — Right to the point",
    ]


def test_into_a_pipe_a_comment_is_a_line_without_a_row() -> None:
    assert shown((), COMMENTS, piped=True).splitlines()[-1].split("\t") == [
        *("",) * 6,
        "2026-03-02T12:00:00+00:00",
        "liked",
        "Right to the point",
        "",
    ]


def test_on_a_narrow_terminal_a_reason_hangs_below_its_choice() -> None:
    assert "  kept  2 h ago, 2026-03-04 10:00 UTC —\n        They are guaranteed\n" in shown(ROWS, width=42)


def test_into_a_pipe_a_row_is_a_line_of_counts_and_a_line_for_each_reason() -> None:
    header, *lines = [line.split("\t") for line in shown(ROWS, piped=True).splitlines()]
    assert tuple(header) == HEADER
    assert lines == [
        ["roofs", "1", ROOF, "1200", "0", "0", "", "", "", ""],
        ["roofs", "2", TILES, "3", "2", "1", "", "", "", ""],
        [
            "roofs", "2", TILES, "", "", "", "2026-03-04T10:00:00+00:00", "kept", "They are guaranteed",
            "Our tiles last forever, so we say.",
        ],
        ["roofs", "2", TILES, "", "", "", "2026-03-01T12:00:00+00:00", "not meant", "It is a book title", ""],
        ["roofs", "2", TILES, "", "", "", "2026-02-28T12:00:00+00:00", "kept", "", "Tiles last forever."],
    ]  # fmt: skip


def test_nothing_decided_says_so_and_is_a_bare_header_into_a_pipe() -> None:
    assert shown(()) == "No writer has decided on a finding yet.\n"
    assert shown((), piped=True) == "\t".join(HEADER) + "\n"


def test_nothing_that_a_writer_wrote_reaches_the_terminal_or_breaks_a_line() -> None:
    said = (decision(Choice.KEEP, timedelta(0), "\x1b[2J\tone", "two\r\n\u202ethree \ud800 [bold]four"),)
    counts = dict.fromkeys(Choice, 1)
    row = RowFeedback("roofs\x1b", 1, "\x9b2J\n", counts, said)
    escapes = ("\\x1b[2J\\x09one", "two\\x0d\\x0a\\u202ethree \\ud800 [bold]four", "roofs\\x1b", "\\x9b2J\\x0a")
    for piped in (False, True):
        text = shown((row,), piped=piped, width=200)
        assert not [character for character in "\x1b\x9b\r\u202e\ud800" if character in text]
        assert all(escape in text for escape in escapes)
        assert text.count("\n") == (3 if piped else 4)


def test_a_row_that_an_older_program_kept_without_its_words_is_named_by_its_number() -> None:
    assert shown((RowFeedback("roofs", 2, "", dict.fromkeys(Choice, 1), ()),)).startswith("roofs, row 2\n")
