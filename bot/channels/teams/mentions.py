"""Who a message mentions: Teams writes a name into the text, and beside it whose that is."""

import re
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from html import unescape

from bot.channels.teams.fields import Json, objects_at, text_at

MARK = "\ufdd0"
"""Stands for a mention of the coach: no character that anybody writes."""

_OPENING = "<at"
_MARKED = re.compile(r"<at(?:\s[^<>]*)?>([^<>]*)</at>")
_TAGS = re.compile(r"\A<at(?:\s[^<>]*)?>|</at>\Z")

Write = Callable[[str], str]
"""Gives what is written for a mention of this name."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention: its `text` as the message's text has it, the `name` in it, and whether it is one of the coach."""

    text: str
    name: str
    is_coach: bool


class Mentions:
    """A message's mentions; two of one name are told apart by their order."""

    def __init__(self, mentions: Iterable[Mention] = ()) -> None:
        self._mentions = tuple(mentions)

    @property
    def name_the_coach(self) -> bool:
        """Whether the coach is among who is mentioned."""
        return any(each.is_coach for each in self._mentions)

    def writer(self) -> Write:
        """Gives what writes a message's mentions one after the other: `MARK` for the coach, "@name" for others."""
        waiting: defaultdict[str, deque[bool]] = defaultdict(deque)
        for each in self._mentions:
            waiting[each.name].append(each.is_coach)

        def write(name: str) -> str:
            shown = _shown(name)
            same = waiting.get(shown)
            if same and (same.popleft() if len(same) > 1 else same[0]):
                return MARK
            return f"@{shown}" if shown else ""

        return write

    def written_in(self, text: str) -> str:
        """Gives the text of a message with its mentions written.

        A name may hold anything, so each mention is looked for as the message's own list of them has it.
        """
        names = {each.text: each.name for each in self._mentions if each.text.startswith(_OPENING)}
        listed = [re.escape(each) for each in sorted(names, key=len, reverse=True)]
        write = self.writer()
        pattern = re.compile("|".join([*listed, _MARKED.pattern]))
        return pattern.sub(lambda found: write(names.get(found[0]) or found[1] or ""), text)


def mentions_of(activity: Json, own: Collection[str]) -> Mentions:
    """Gives the mentions of an activity; `own` are the coach's account ids."""
    return Mentions(
        Mention(text := text_at(entity, "text"), _name(text), text_at(entity, "mentioned", "id") in own)
        for entity in objects_at(activity, "entities")
        if text_at(entity, "type").casefold() == "mention"
    )


def _name(text: str) -> str:
    return _shown(unescape(_TAGS.sub("", text)))


def _shown(name: str) -> str:
    return " ".join(name.split())
