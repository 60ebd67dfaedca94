"""Moves of versions that were proposed to an admin and wait for the click that confirms them."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from bot.core.admin_commands import ActivateVersion, MoveCommand, RollBack
from bot.core.ports import PromptDesk
from bot.core.prompts import PromptReply, Proposed
from bot.core.replies import Refused
from bot.core.state import Records

KEPT_SECONDS = 3600.0
"""How long a proposal can be confirmed."""

WAITING, TAKEN, DROPPED = "waiting", "taken", "dropped"
MAX_TRIES = 5

GONE = Refused("This proposal does not wait any more. Nothing was changed: ask for it once more.")


class PendingMoves:
    """Keeps what was proposed where no click can change it.

    A button carries only an id; who clicks is checked again, and so is that nobody has made another move since.
    """

    def __init__(self, records: Records, desk: PromptDesk, *, new_id: Callable[[], str]) -> None:
        self._records = records
        self._desk = desk
        self._new_id = new_id

    async def keep(self, command: MoveCommand, proposed: Proposed, *, person: str, id_: str | None = None) -> str:
        """Keeps a proposal for `person` to confirm and gives its id.

        `id_` is that of the message that asked for it, so that asked for once more it is the same.
        """
        id_ = id_ or self._new_id()
        pending = {"person": person, "position": proposed.position, "command": _written(command), "state": WAITING}
        await self._write(id_, pending, 0)
        return id_

    async def confirm(self, id_: str, *, person: str) -> PromptReply | Refused:
        """Makes the move that waits under `id_`, once; every further click is told what it came to."""
        for _ in range(MAX_TRIES):
            kept = await self._records.read(_key(id_))
            if kept is None:
                return GONE
            pending = json.loads(kept.body)
            if person != pending["person"]:
                return Refused("Only who asked for this can confirm it: ask for it yourself.", denied=True)
            if pending["state"] == DROPPED:
                return GONE
            # From here on nobody can drop it; what breaks off is made up for by the next click.
            if pending["state"] == TAKEN or await self._write(id_, pending | {"state": TAKEN}, kept.revision):
                command = _read(pending["command"])
                return await self._desk.handle(command, person=person, confirmed=pending["position"], act=id_)
        return GONE

    async def drop(self, id_: str, *, person: str) -> bool:
        """Lets a proposal go; False when it is another's, or was confirmed or dropped before."""
        kept = await self._records.read(_key(id_))
        if kept is None:
            return False
        pending = json.loads(kept.body)
        if person != pending["person"] or pending["state"] != WAITING:
            return False
        return await self._write(id_, pending | {"state": DROPPED}, kept.revision)

    async def _write(self, id_: str, pending: Mapping[str, Any], expected: int) -> bool:
        return await self._records.write(
            _key(id_), json.dumps(pending), person=pending["person"], expected=expected, lasts=KEPT_SECONDS
        )


def _key(id_: str) -> str:
    return f"move:{id_}"


def _written(command: MoveCommand) -> dict[str, object]:
    match command:
        case ActivateVersion(number=number, note=note, share=share, force=force):
            return {"activate": number, "note": note, "share": share, "force": force}
        case RollBack(note=note, to=to):
            return {"to": to, "note": note}


def _read(written: dict[str, object]) -> MoveCommand:
    values = dict(written)
    if "activate" in values:
        return ActivateVersion(number=values.pop("activate"), **values)  # type: ignore[arg-type]
    return RollBack(**values)  # type: ignore[arg-type]
