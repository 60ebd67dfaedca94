"""Opens views over Slack, after the click that asked for one was acknowledged."""

from collections.abc import Callable

from bot.channels.slack.api import Json, SlackAwayError, SlackRefusedError
from bot.channels.slack.parts import Parts

NOT_OPENED = "Slack could not open the form: try once more."


def open_view(parts: Parts, view: Json, *, trigger: str, tell: Callable[[str], None], over: bool = False) -> None:
    """Opens a view, which Slack allows for three seconds after the click; `tell` hears of it when that cannot be.

    `over` says that it comes over another view.
    """

    async def opening() -> None:
        try:
            method = "views.push" if over else "views.open"
            await parts.api.call(method, {"trigger_id": trigger, "view": view}, again=False, patience=0)
        except (SlackRefusedError, SlackAwayError):
            tell(NOT_OPENED)
            raise

    parts.chores.start("a view could not be opened", opening())
