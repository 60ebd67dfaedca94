"""The prompt registry: what admins and the program may do with versions. The one place where it is asked who may.

Versions never change; one live pointer is moved by compare-and-set; each act is an entry of the trail. Of two admins
at once one wins and the other is told what happened and by whom.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from bot.core.admin_commands import ActivateVersion, MoveCommand, RollBack
from bot.core.state import StoreAwayError
from bot.prompts import decisions
from bot.prompts.decisions import Unchanged
from bot.prompts.document import PromptDocument, PromptFileError, parse_prompt
from bot.prompts.entries import Denied, Evaluated, Move, Published, Stamp
from bot.prompts.history import History
from bot.prompts.refusal import Refusal
from bot.prompts.standing import Standing

START = "start"
"""Who publishes the files of the prompts folder and makes the first version live: the program at its start."""
AUTO = "auto"
"""Who ends a trial whose candidate is clearly worse."""

MAX_PERSON = 200
"""Characters of a person's id that the trail keeps."""

_log = logging.getLogger(__name__)


class PromptRegistry:
    """Acts on versions. Every method raises `StoreAwayError` when the store is away.

    `person` is who acts, `note` why.
    """

    def __init__(
        self, history: History, *, admins: frozenset[str], now: Callable[[], datetime], new_id: Callable[[], str]
    ) -> None:
        self._history = history
        self._admins = admins
        self._now = now
        self._new_id = new_id

    def is_admin(self, person: str) -> bool:
        """Whether `person` may see and move versions."""
        return person in self._admins

    async def require_admin(self, person: str, tried: str) -> None:
        """Passes for an admin; anybody else's try is written to the trail.

        Raises:
            Refusal: `person` is no admin.
        """
        if self.is_admin(person):
            return
        entry = Denied(stamp=self._stamp(person), tried=tried)
        try:
            await self._history.append(lambda _: entry)
        except (StoreAwayError, Refusal) as error:
            _log.warning("a denied try could not be written to the trail: %s", error)
        raise Refusal("Only the coach's admins may do that; COACH_ADMINS names them.", denied=True)

    async def publish(self, person: str, source: str, note: str, *, act: str | None = None) -> tuple[Published, int]:
        """Publishes a new version from a file's text; it is not live yet. Gives the entry and its position.

        Without a note the file's own counts. Again under the same `act`, it gives what was published then.

        Raises:
            Refusal: `person` is no admin, the file or the note cannot be used, or this very text is a version already.
        """
        await self.require_admin(person, "publish a version")
        try:
            document = parse_prompt(source)
        except PromptFileError as error:
            raise Refusal(f"The file cannot be published: {error}") from error
        note = decisions.require_note(note or document.note, usage="prompts publish REASON")
        stamp = self._stamp(person, note, act)
        published = await self._history.append(
            lambda standing: decisions.publication(standing, document, stamp), act=act
        )
        return _done(published)

    async def foresee(self, person: str, command: MoveCommand) -> tuple[Move | Unchanged, Standing]:
        """Gives what a move would come to, and how things stand, without making it.

        Raises:
            Refusal: as `move`.
        """
        decide = await self._decision(person, command)
        standing = await self._history.standing()
        return decide(standing), standing

    async def move(
        self, person: str, command: MoveCommand, *, seen: int | None = None, act: str | None = None
    ) -> tuple[Move, int] | Unchanged:
        """Changes which version serves whom; gives the entry and its position.

        `seen` is the trail's length that `person` decided on: the move is refused when somebody has made another
        since. Without it, the length now counts. Again under the same `act`, it gives the move that was made then.

        Raises:
            Refusal: `person` is no admin or gives no reason, somebody moved first, the gate is closed to an activation
                that is not forced, or there is no such version.
        """
        decide = await self._decision(person, command, act)
        decided_on = (await self._history.standing()).length if seen is None else seen

        def decide_if_current(standing: Standing) -> Move | Unchanged:
            decisions.require_current(standing, decided_on)
            return decide(standing)

        return await self._history.append(decide_if_current, act=act)

    async def keep_evaluation(
        self, person: str, number: int, *, engine: str, basis: str, passed: Sequence[str], failed: Sequence[str]
    ) -> Evaluated:
        """Keeps what an evaluation of a version gave, by the ids of its cases.

        Raises:
            Refusal: `person` is no admin, or there is no such version.
        """
        await self.require_admin(person, f"keep an evaluation of version {number}")
        entry = Evaluated(
            stamp=self._stamp(person),
            version=number,
            engine=engine,
            basis=basis,
            passed=tuple(passed),
            failed=tuple(failed),
        )
        added, _ = _done(await self._history.append(lambda standing: decisions.evaluation(standing, entry)))
        return added

    async def publish_file(self, name: str, document: PromptDocument) -> None:
        """Publishes a file of the prompts folder (`0001.md`) at a start, if it is new.

        Raises:
            Refusal: it was published before with other words.
        """
        stamp = self._stamp(START, document.note)
        await self._history.append(lambda standing: decisions.file_publication(standing, name, document, stamp))

    async def activate_first(self) -> None:
        """Makes the lowest version live at a start, when none is."""
        stamp = self._stamp(START, "the first version")
        await self._history.append(lambda standing: decisions.first_activation(standing, stamp))

    async def end_trial(self, trial: int, reason: str) -> None:
        """Ends the trial that began at the position `trial`, if it is still under way."""
        stamp = self._stamp(AUTO, reason)
        await self._history.append(lambda standing: decisions.automatic_end(standing, trial, stamp))

    async def _decision(
        self, person: str, command: MoveCommand, act: str | None = None
    ) -> Callable[[Standing], Move | Unchanged]:
        """What decides on the command of a person who may give it, with one stamp however often it is asked."""
        match command:
            case ActivateVersion():
                await self.require_admin(person, f"activate version {command.number}")
                note = decisions.require_note(command.note, usage=f"prompts activate {command.number} REASON")
                stamp = self._stamp(person, note, act)
                return lambda standing: decisions.activation(standing, command, stamp)
            case RollBack():
                await self.require_admin(person, "roll back" if command.to is None else f"roll back to {command.to}")
                note = decisions.require_note(command.note, usage="rollback [N] REASON")
                stamp = self._stamp(person, note, act)
                return lambda standing: decisions.rolling_back(standing, command, stamp)

    def _stamp(self, person: str, note: str = "", act: str | None = None) -> Stamp:
        return Stamp(id=act or self._new_id(), at=self._now(), by=_written(person), note=note)


def _written(person: str) -> str:
    """A person as the trail names them, on one line: a platform's id may hold anything, and is not ours to refuse."""
    return " ".join(person.encode("utf-8", "replace").decode().split())[:MAX_PERSON]


Added = TypeVar("Added", Published, Evaluated)


def _done(result: tuple[Added, int] | Unchanged) -> tuple[Added, int]:
    """The result of an act that always has something to do."""
    if isinstance(result, Unchanged):
        raise TypeError(result.summary)
    return result
