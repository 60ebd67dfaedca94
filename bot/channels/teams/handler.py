"""What comes in from Teams, once it is believed: messages go into the inbox, requests are answered at once."""

import logging

from botbuilder.core import InvokeResponse, TurnContext
from botbuilder.schema import Activity, ActivityTypes

from bot.channels.teams import names
from bot.channels.teams.fields import Json, text_at
from bot.channels.teams.intake import PassedOver, heard
from bot.channels.teams.invokes import extension, feedback, reviews, versions
from bot.channels.teams.invokes.answers import Body, line
from bot.channels.teams.invokes.pressed import Pressed, read_pressed
from bot.channels.teams.membership import home_of
from bot.channels.teams.parts import Parts
from bot.channels.teams.render import moves
from bot.core.admin_commands import AdminCommand
from bot.core.commands import parse
from bot.core.state import StoreAwayError

OUTDATED = "This card is out of date."
AWAY = "The coach's store is away: try once more in a moment."
NOT_YOURS = "Field Coach is for members of its own company."

_OK, _UNKNOWN = 200, 501
_VERBS = {
    **dict.fromkeys(reviews.CHOICES, reviews.decide),
    **dict.fromkeys((moves.LIST, moves.SHOW, moves.DIFF, moves.TRAIL), versions.look),
    moves.PROPOSE: versions.propose,
    moves.CONFIRM: versions.confirm,
    moves.CANCEL: versions.cancel,
}

_log = logging.getLogger(__name__)


class Handler:
    """Answers turns. `bot` is the app's id, `tenant` whose members are answered; both "" in local mode."""

    def __init__(self, parts: Parts, *, bot: str, tenant: str) -> None:
        self._parts = parts
        self._bot = bot
        self._tenant = tenant

    async def on_turn(self, turn: TurnContext) -> None:
        """Takes an activity in.

        Raises:
            StoreAwayError: a message may not have been taken; Teams is to send it again.
        """
        activity: Json = turn.activity.serialize()
        if text_at(activity, "type") != "invoke":
            await self._take(activity)
            return
        status, body = await self._invoked(activity)
        await turn.send_activity(
            Activity(type=ActivityTypes.invoke_response, value=InvokeResponse(status=status, body=body))
        )

    async def _take(self, activity: Json) -> None:
        found = heard(activity, bot=self._bot, tenant=self._tenant)
        if isinstance(found, PassedOver):
            self._parts.doorway.passed_over[found.value] += 1
            return
        if isinstance(parse(found.text), AdminCommand):
            await self._keep_name(found.person, activity)
        await self._parts.put(found)

    async def _invoked(self, activity: Json) -> tuple[int, Body]:
        name = text_at(activity, "name")
        home = home_of(activity, self._tenant)
        pressed = read_pressed(activity, home=home or "")
        try:
            match name:
                case "adaptiveCard/action":
                    return _OK, await self._pressed(pressed, activity) if home is not None else line(NOT_YOURS)
                case "composeExtension/fetchTask" if home is not None:
                    return _OK, await extension.fetch(self._parts, pressed, activity)
                case "composeExtension/submitAction" if home is not None:
                    return _OK, await extension.submit(self._parts, pressed)
                case "composeExtension/fetchTask" | "composeExtension/submitAction":
                    return _OK, extension.told(NOT_YOURS)
                case "message/submitAction" if home is not None:
                    return _OK, await feedback.rate(self._parts, pressed, activity)
                case _:
                    self._parts.doorway.passed_over[PassedOver.NO_MESSAGE.value] += 1
                    return _UNKNOWN, {}
        except StoreAwayError as error:
            _log.warning("%s could not be answered: %s", name, error)
            return _OK, _away(name)

    async def _pressed(self, pressed: Pressed, activity: Json) -> Body:
        act = _VERBS.get(pressed.verb)
        if pressed.verb in (moves.PROPOSE, moves.CONFIRM):
            await self._keep_name(pressed.person, activity)
        return await act(self._parts, pressed) if act else line(OUTDATED)

    async def _keep_name(self, person: str, activity: Json) -> None:
        """Keeps what an admin who acts is called, for others to read."""
        if self._parts.desk.is_admin(person):
            await names.keep(self._parts.records, person, text_at(activity, "from", "name"))


def _away(name: str) -> Body:
    """What is told while nothing can be kept."""
    if name.startswith("composeExtension/"):
        return extension.told(AWAY)
    return line(AWAY) if name == "adaptiveCard/action" else {}
