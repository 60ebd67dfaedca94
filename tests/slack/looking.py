"""What a person has before them of the coach's answers."""

import re
from collections.abc import Iterable, Sequence

from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER
from tests.slack.piecewise import told

PATIENCE = 20.0
"""Seconds until what must be seen has failed to be."""
_MARK = re.compile(r"In case (?P<mark>\S+) it is so")


def of_the_coach(slack: Slack, user: str, *places: str) -> list[Seen]:
    """All that the coach has posted there, oldest first."""
    there = [each for place in places if place in slack.channels for each in slack.seen(user, place)]
    return sorted((each for each in there if each.author == BOT_USER), key=lambda each: each.ts)


def is_whole(shown: Iterable[Seen], text: str) -> bool:
    """Whether messages show a whole answer, finished, and the line below that says who made it."""
    messages = list(shown)
    plain = squeezed(" ".join(each.plain for each in messages))
    finished = not any(each.streaming or each.broken for each in messages)
    return finished and plain.count(squeezed(text)) == 1 and plain.count("Promptversion") == 1


def assert_answered_in_order(slack: Slack, user: str, place: str, root: str, marks: Sequence[str]) -> None:
    """Below a thread's root each of its questions has one whole answer, in the order they were asked."""
    shown = [each for each in slack.seen(user, place, root) if each.author == BOT_USER]
    answered = [found["mark"] for each in shown if (found := _MARK.search(each.plain))]
    assert answered == list(marks), [(each.ts, each.plain, each.streaming, each.broken) for each in shown]
    assert len(shown) == len(marks), [each.plain for each in shown]
    for each, mark in zip(shown, marks, strict=True):
        assert is_whole([each], told(mark)), (each.plain, each.streaming, each.broken)


def squeezed(text: str) -> str:
    """Text without its spaces and line breaks, which a message may put elsewhere."""
    return "".join(text.split())
