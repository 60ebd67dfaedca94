"""What admins do with the versions in Teams, by text and by card, and what comes of it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.app import App
from bot.core.admin_commands import MoveCommand
from bot.prompts.registry import START
from tests.teams.coaching import ADMIN, OTHER, asked, chat_of, person, said
from tests.teams.loopback.deliveries import Delivered
from tests.teams.loopback.seen import Seen
from tests.teams.serving import Served


async def acts(app: App) -> list[tuple[str, str, str]]:
    """What people did, the oldest first: what, who and why."""
    entries = await app.history.entries(before=None, limit=1_000)
    return [(entry.kind, entry.stamp.by, entry.stamp.note) for _, entry in reversed(entries) if entry.stamp.by != START]


async def live(app: App) -> tuple[int | None, int | None]:
    """The live version, and the share of a trial under way."""
    standing = await app.history.standing()
    return standing.live, standing.trial.share if standing.trial else None


async def moved(app: App, command: MoveCommand, *, by: str = OTHER) -> None:
    """Makes a move elsewhere."""
    await app.registry.move(person(by), command)


@dataclass(frozen=True, slots=True)
class Move:
    """A move as it is written, and as it is filled in in the card of all versions."""

    written: str
    data: Mapping[str, object]
    filled: Mapping[str, str]

    @property
    def note(self) -> str:
        return self.filled.get("note") or self.filled["note2"]


ACTIVATE = Move("prompts activate 2 clearer words", {"act": "activate", "number": 2}, {"note2": "clearer words"})
MADE = ("activated", person(ADMIN), "clearer words")
"""What the trail says of it, made by `ADMIN`."""
TRY = Move(
    "prompts activate 2 --share 10 try it", {"act": "activate", "number": 2}, {"note2": "try it", "share2": "10"}
)
BACK = Move("rollback too long", {"act": "rollback"}, {"note": "too long"})
BACK_TO = Move("rollback 1 too long", {"act": "rollback"}, {"note": "too long", "to": "1"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """The message in which a proposal waits, or that says why none does."""

    coached: Served
    user: str
    id: str

    @property
    def seen(self) -> Seen:
        return next(each for each in said(self.coached.teams, self.user, self._chat) if each.id == self.id)

    @property
    def text(self) -> str:
        return self.seen.plain

    @property
    def pending(self) -> str:
        """What the proposal is kept under; empty where there is none."""
        found = [str(each["data"]["move"]) for each in self.seen.buttons if each.get("verb") == "move.confirm"]
        return found[0] if found else ""

    async def press(self, verb: str) -> Delivered:
        return await self.coached.teams.press(self.user, self.id, verb)

    async def confirm(self) -> str:
        """Confirms it and gives what stands there then."""
        await self.press("move.confirm")
        return self.text

    async def cancel(self) -> str:
        await self.press("move.cancel")
        return self.text

    async def sends(self, verb: str, data: Mapping[str, object]) -> Delivered:
        """Somebody presses what their card does not offer."""
        value = {"action": {"type": "Action.Execute", "verb": verb, "data": dict(data)}, "trigger": "manual"}
        return await self.coached.teams.press_raw(self.user, self.id, value)

    @property
    def _chat(self) -> str:
        return chat_of(self.coached, self.user)


async def shown_to(coached: Served, user: str, written: str = "prompts") -> Waiting:
    """What comes last of what somebody writes in their personal chat."""
    _, shown = await asked(coached, user, chat_of(coached, user), written)
    return Waiting(coached, user, shown[-1].id)


async def by_text(coached: Served, user: str, move: Move) -> Waiting:
    """A message in a personal chat."""
    return await shown_to(coached, user, move.written)


async def by_card(coached: Served, user: str, move: Move) -> Waiting:
    """The buttons of the card of all versions."""
    card = await shown_to(coached, user)
    await coached.teams.press(user, card.id, "move.propose", move.filled, move.data)
    return card


async def in_a_group(coached: Served, user: str, move: Move) -> Waiting:
    """A mention where others are: it is answered in the personal chat."""
    group = coached.teams.group("G", user, OTHER)
    before = len(said(coached.teams, user, chat_of(coached, user)))
    await asked(coached, user, group, move.written)
    (shown,) = said(coached.teams, user, chat_of(coached, user))[before:]
    return Waiting(coached, user, shown.id)


Way = Callable[[Served, str, Move], Awaitable[Waiting]]
WAYS: Mapping[str, Way] = {"text": by_text, "card": by_card, "group": in_a_group}
