"""What admins are called in Teams, for others to read beside what they did. A name proves nothing: nobody may by it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.channels.split import shortened
from bot.channels.teams.ids import record_id
from bot.core.prompts import Moved, PromptReply, Proposed, Trail, VersionCard, VersionList, VersionText
from bot.core.replies import Reply
from bot.core.state import Records

KEPT_SECONDS = 400 * 24 * 3600.0
"""How long a name is kept since its person acted first, or was called otherwise."""
MAX_NAME = 60
_LAST = 4

_Reply = TypeVar("_Reply", Reply, PromptReply)
_Write = Callable[[str], str]


async def keep(records: Records, person: str, name: str) -> None:
    """Keeps what somebody is called, where that is new."""
    name = shortened(" ".join(name.split()), MAX_NAME)
    kept = await records.read(_key(person))
    if name and (kept is None or kept.body != name):
        revision = kept.revision if kept else 0
        await records.write(_key(person), name, person=person, expected=revision, lasts=KEPT_SECONDS)


async def known(records: Records, reply: _Reply) -> _Reply:
    """Gives a reply with names in the place of Teams' ids of who did what; where none is kept, the id stays.

    Of two in the reply who are called the same, each has the end of their id beside the name.
    """
    people: dict[str, str] = {}
    _written(reply, lambda by: people.setdefault(by, by))
    for person in people:
        if kept := await records.read(_key(person)):
            people[person] = kept.body
    count = Counter(people.values())

    def shown(by: str) -> str:
        name = people[by]
        return name if name == by or count[name] == 1 else f"{name} ({by[-_LAST:]})"

    return _written(reply, shown)


def _written(reply: _Reply, write: _Write) -> _Reply:
    """The reply with everybody in it as `write` writes them."""
    match reply:
        case VersionList():
            return replace(reply, versions=tuple(_card(each, write) for each in reply.versions))
        case VersionText():
            return replace(reply, card=_card(reply.card, write))
        case Trail():
            return replace(reply, entries=tuple(replace(each, by=write(each.by)) for each in reply.entries))
        case Proposed():
            replaces = reply.replaces and _card(reply.replaces, write)
            return replace(reply, version=_card(reply.version, write), replaces=replaces)
        case Moved():
            return replace(reply, entry=reply.entry and replace(reply.entry, by=write(reply.entry.by)))
        case _:
            return reply


def _card(card: VersionCard, write: _Write) -> VersionCard:
    live = card.live and replace(card.live, by=write(card.live.by))
    return replace(card, by=write(card.by), live=live)


def _key(person: str) -> str:
    return record_id("name", person)
