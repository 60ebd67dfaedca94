"""What the coach does in conversations of Teams: each through the adapter, with patience that has its limits."""

from collections import Counter
from collections.abc import Awaitable, Callable
from typing import TypeVar

import aiohttp
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter
from botbuilder.schema import (
    ChannelAccount,
    ConversationAccount,
    ConversationParameters,
    ConversationReference,
)
from msrest.exceptions import DeserializationError  # type: ignore[attr-defined] # is azure.core's
from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_before_delay, wait_random_exponential

from bot.channels.platform_measures import AWAY, LIMITED, REFUSED
from bot.channels.teams.activities import activity_of
from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.fields import Json
from bot.channels.teams.ids import MS_TEAMS
from bot.channels.teams.places import Place
from bot.channels.teams.tokens import TokenError

PATIENCE_SECONDS = 10.0
"""How long a call may wait in all for Teams to take it again; what takes longer is put back into the inbox."""
REFUSED_SECONDS = 60.0
"""Before something is tried again for which Microsoft gives no token."""

_UNAUTHORIZED = 401
_PAUSE = wait_random_exponential(multiplier=0.5, min=0.25, max=10.0)
_Value = TypeVar("_Value")


class Connector:
    """Sends, changes and opens what it is asked to, in the name of the app."""

    def __init__(self, adapter: CloudAdapter, app_id: str, *, patience: float = PATIENCE_SECONDS) -> None:
        self._adapter = adapter
        self._app_id = app_id
        self._patience = patience
        self.failed: Counter[str] = Counter()

    async def send(self, place: Place, activity: Json, *, patience: float | None = None) -> str:
        """Sends an activity and gives its id, empty for one that has none.

        Args:
            place: where to.
            activity: what Teams gets, as JSON values.
            patience: how long to wait in all, in seconds, where Teams asks to come again; 0 waits for nothing.

        Raises:
            TeamsRefusedError: Teams said no, or asked for more patience than there is.
            TeamsAwayError: Teams cannot be reached or failed itself.
        """

        async def sending(turn: TurnContext) -> str:
            sent = await turn.send_activity(activity_of(activity))
            return str(sent.id or "") if sent else ""

        return await self._tried(lambda: self._turn(place, sending), patience)

    async def update(self, place: Place, id_: str, activity: Json, *, patience: float | None = None) -> None:
        """Puts an activity in the place of the one that is known as `id_`.

        Raises:
            TeamsRefusedError, TeamsAwayError: as in `send`.
        """

        async def updating(turn: TurnContext) -> None:
            changed = activity_of(activity)
            changed.id = id_
            await turn.update_activity(changed)

        await self._tried(lambda: self._turn(place, updating), patience)

    async def open_chat(self, place: Place) -> str:
        """Gives the conversation of the person alone with the coach, which need not have been begun.

        Raises:
            TeamsRefusedError: the person has not the coach's app, among others.
            TeamsAwayError: as in `send`.
        """
        wanted = ConversationParameters(
            is_group=False,
            bot=ChannelAccount(id=place.bot),
            members=[ChannelAccount(id=place.user)],
            tenant_id=place.tenant,
            channel_data={"tenant": {"id": place.tenant}},
        )

        async def opening() -> str:
            found: list[str] = []

            async def opened(turn: TurnContext) -> None:
                found.append(turn.activity.conversation.id)

            await self._adapter.create_conversation(
                self._app_id, opened, wanted, channel_id=MS_TEAMS, service_url=place.service_url
            )
            return found[0]

        return await self._tried(opening, None)

    async def _turn(self, place: Place, act: Callable[[TurnContext], Awaitable[_Value]]) -> _Value:
        """Does something within a turn of the conversation."""
        reference = ConversationReference(
            channel_id=MS_TEAMS,
            service_url=place.service_url,
            conversation=ConversationAccount(id=place.conversation, tenant_id=place.tenant),
            bot=ChannelAccount(id=place.bot),
            user=ChannelAccount(id=place.user),
        )
        results: list[_Value] = []

        async def acting(turn: TurnContext) -> None:
            turn.activity.id = None  # the turn's own, which no message of the conversation is a reply to
            results.append(await act(turn))

        await self._adapter.continue_conversation(reference, acting, self._app_id)
        return results[0]

    async def _tried(self, call: Callable[[], Awaitable[_Value]], patience: float | None) -> _Value:
        retrying = AsyncRetrying(
            retry=retry_if_exception(_passes),
            stop=stop_before_delay(self._patience if patience is None else patience),
            wait=_wait,
            reraise=True,
        )
        value: _Value = await retrying(self._counted, call)
        return value

    async def _counted(self, call: Callable[[], Awaitable[_Value]]) -> _Value:
        try:
            return await _plainly(call)
        except TeamsAwayError:
            self.failed[AWAY] += 1
            raise
        except TeamsRefusedError as error:
            self.failed[LIMITED if error.retry_after is not None else REFUSED] += 1
            raise


async def _plainly(call: Callable[[], Awaitable[_Value]]) -> _Value:
    """Calls, with every failure as one of two."""
    try:
        return await call()
    except (TeamsRefusedError, TeamsAwayError):
        raise
    except (aiohttp.ClientError, TimeoutError) as error:
        raise TeamsAwayError(type(error).__name__) from None
    except TokenError as error:
        if error.passes:
            raise TeamsAwayError(str(error)) from None
        # To ask at once again would only trouble the login.
        raise TeamsRefusedError(_UNAUTHORIZED, "no token", retry_after=REFUSED_SECONDS) from None
    except DeserializationError as error:  # the SDK could not read what Teams answered
        raise TeamsAwayError(type(error).__name__) from None


def _passes(error: BaseException) -> bool:
    """Whether to ask again: Microsoft asks for it on 412, 429, 502 and 504, and a broken connection is like these."""
    return isinstance(error, TeamsAwayError) or (isinstance(error, TeamsRefusedError) and error.retry_after is not None)


def _wait(state: RetryCallState) -> float:
    """At least as long as Teams asks for; not all who wait may come back at the same moment."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, TeamsRefusedError) else None
    return (asked or 0.0) + _PAUSE(state)
