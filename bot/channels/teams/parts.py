"""What the answers to invokes share."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.channels.chores import Chores
from bot.channels.doorway import Doorway
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.origin import Kind, Origin, read_origin
from bot.channels.teams.places import place_of
from bot.channels.teams.shown import AnswersShown
from bot.channels.teams.updates import Updates
from bot.channels.waiting import Waiting, busy
from bot.core.coach import Coach
from bot.core.comments import Comments
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.pending_moves import PendingMoves
from bot.core.ports import PromptDesk
from bot.core.state import Inbox, Records

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of the coach and of the channel that a request is answered with."""

    connector: Connector
    doorway: Doorway
    chores: Chores
    coach: Coach
    desk: PromptDesk
    inbox: Inbox
    waiting: Waiting
    records: Records
    reviews: OpenReviews
    moves: PendingMoves
    answers: AnswersShown
    comments: Comments
    clock: Callable[[], float]
    updates: Updates = field(default_factory=Updates)

    async def put(self, message: Incoming) -> None:
        """Takes a message in; one that was taken before is only counted.

        Raises:
            StoreAwayError: it may not have been taken; Teams is to send it again.
        """
        if await self.inbox.put(message):
            self.doorway.taken[message.meant.value] += 1
            origin = read_origin(message.origin)
            if origin.kind == Kind.PERSONAL:
                self.waiting.look_after(message, lambda place: self._say(origin, place))
        else:
            self.doorway.duplicates += 1

    async def _say(self, origin: Origin, place: int) -> bool:
        """Tells somebody their number, if that can be done now: it is only a kindness."""
        said = {"type": "message", "text": f"{busy(place)} Your answer comes by itself."}
        try:
            await self.connector.send(place_of(origin), said, patience=0)
        except (TeamsRefusedError, TeamsAwayError) as error:
            _log.info("nobody is told how long they wait: %s", error)
            return False
        return True
