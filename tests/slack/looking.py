"""What a person has before them in Slack of the coach's answers."""

from collections.abc import Iterable, Sequence

from tests.looking import assert_told_in_order, is_told_once
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER

PATIENCE = 20.0
"""Seconds until what must be seen has failed to be."""


def of_the_coach(slack: Slack, user: str, *places: str) -> list[Seen]:
    """All that the coach has posted there, oldest first."""
    there = [each for place in places if place in slack.channels for each in slack.seen(user, place)]
    return sorted((each for each in there if each.author == BOT_USER), key=lambda each: each.ts)


def is_whole(shown: Iterable[Seen], text: str) -> bool:
    """Whether messages show a whole answer, finished, none of them broken off."""
    messages = list(shown)
    return is_told_once(messages, text) and not any(each.broken for each in messages)


def assert_answered_in_order(slack: Slack, user: str, place: str, root: str, marks: Sequence[str]) -> None:
    """Below a thread's root each of its questions has one whole answer, in the order they were asked."""
    shown = [each for each in slack.seen(user, place, root) if each.author == BOT_USER]
    assert_told_in_order(shown, marks)
    assert not [each for each in shown if each.broken]
