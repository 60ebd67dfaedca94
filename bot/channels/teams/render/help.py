"""What a person can write to the coach in Teams."""

from collections.abc import Iterable, Iterator

from bot.channels.teams.render.markdown import BREAK, MAX_TEXT, bold, escaped, escaped_words, parts
from bot.channels.teams.render.message import Message, text_messages
from bot.channels.visible import visible
from bot.core.replies import Help

WAYS = (
    ("In our personal chat", "just write, paste a draft or attach a file"),
    ("In a channel or a group chat", "mention me; all there see the answer to a question, a review only you"),
    ("On a message, or where you write one", "Review phrasing, among More actions; only you see it"),
)
"""Where the coach can be written to, and who sees it."""
BEGIN_WITH = "Questions to begin with:"
DASH = " \N{EM DASH} "


def help_messages(reply: Help, suggestions: tuple[str, ...] = ()) -> tuple[Message, ...]:
    """Gives what can be written, where, and which lessons answer; then questions to begin with, if there are any.

    They stand on their own: a client that shows a message with suggestions may show it without its bold type.
    """
    told = text_messages(_blocks(reply))
    return (*told, Message(BEGIN_WITH, suggestions=suggestions)) if suggestions else told


def _blocks(reply: Help) -> Iterator[str]:
    if reply.about:
        yield from map(escaped, parts(f"There is no command {reply.about}."))
    yield from _listed((entry.usage, entry.does) for entry in reply.entries)
    yield from _listed(WAYS)
    lessons = "; ".join(" ".join(visible(lesson).split()) for lesson in reply.lessons)
    if lessons:
        yield from map(escaped, parts(f"Lessons: {lessons}"))
    else:
        yield escaped("No lessons are loaded: see coach knowledge check.")


def _listed(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A line each: the words in bold, then what they are for. Ours are short, and so are many in one block."""
    entries = tuple(entries)
    together = BREAK.join(f"{bold(name)}{DASH}{escaped_words(told)}" for name, told in entries)
    if len(together) <= MAX_TEXT:
        yield from filter(None, (together,))
        return
    for name, told in entries:
        yield from map(escaped, parts(f"{name}{DASH}{told}"))
