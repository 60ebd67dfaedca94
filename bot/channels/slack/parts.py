"""What the listeners share."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.chores import Chores
from bot.channels.doorway import Doorway
from bot.channels.slack.api import SlackApi
from bot.channels.slack.destinations import say_status
from bot.channels.slack.followups import FollowUps
from bot.channels.slack.origin import is_open, read_origin
from bot.channels.slack.review_files import ReviewFiles
from bot.channels.slack.sources import Sources
from bot.channels.slack.workspace import Workspace
from bot.channels.waiting import Waiting, busy
from bot.core.coach import Coach
from bot.core.messages import Incoming
from bot.core.open_reviews import OpenReviews
from bot.core.pending_moves import PendingMoves
from bot.core.ports import Library, PromptDesk
from bot.core.state import Inbox, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of the coach and of the channel that listeners work with.

    `workspace` may be called once the channel is connected; no listener runs before.
    """

    api: SlackApi
    workspace: Callable[[], Workspace]
    doorway: Doorway
    chores: Chores
    coach: Coach
    desk: PromptDesk
    library: Library
    inbox: Inbox
    waiting: Waiting
    records: Records
    reviews: OpenReviews
    moves: PendingMoves
    follow_ups: FollowUps
    sources: Sources
    files: ReviewFiles

    async def put(self, message: Incoming) -> bool:
        """Takes a message in; False for one that was taken before, which is only counted.

        Raises:
            StoreAwayError: it may not have been taken; Slack is to send it again.
        """
        is_new = await self.inbox.put(message)
        if is_new:
            self.doorway.taken[message.meant.value] += 1
            origin = read_origin(message.origin)
            if is_open(origin):
                self.waiting.look_after(message, lambda place: say_status(self.api, origin, busy(place)))
        else:
            self.doorway.duplicates += 1
        return is_new
