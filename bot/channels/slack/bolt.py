"""The Bolt application: Slack's requests verified, let in or refused, and given to the listeners."""

import logging
from collections.abc import Awaitable, Callable

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError

from bot.channels.doorway import Doorway
from bot.channels.slack.doorway import Refusal, is_of
from bot.channels.slack.home import Home
from bot.channels.slack.listeners import answers, home, messages, moves, requests, reviews
from bot.channels.slack.parts import Parts
from bot.core.state import StoreAwayError

AWAY = "The coach's store is away. Nothing was done: try again in a moment."

_log = logging.getLogger(__name__)


def make_bolt_app(parts: Parts, *, signing_secret: str | None) -> AsyncApp:
    """Makes the application. A listener ends before its request is acknowledged, so that what is acknowledged is kept.

    Args:
        parts: what listeners work with.
        signing_secret: what HTTP requests are signed with; None where only Socket Mode brings any.
    """
    logger = _quiet_logger()

    async def authorize() -> AuthorizeResult:
        known = parts.workspace()
        return AuthorizeResult(
            enterprise_id=None,
            team_id=known.team,
            bot_token=parts.api.token,
            bot_id=known.bot_id,
            bot_user_id=known.bot_user,
        )

    app = AsyncApp(
        name="field-coach",
        logger=logger,
        client=parts.api.client(),
        signing_secret=signing_secret or "",
        before_authorize=_of_our_workspace(parts),
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
    )
    shown_home = Home(parts)
    messages.register(app, parts)
    requests.register(app, parts)
    answers.register(app, parts)
    reviews.register(app, parts)
    moves.register(app, parts, shown_home)
    home.register(app, parts, shown_home)
    app.error(_answering_faults(parts.doorway))
    return app


def _of_our_workspace(
    parts: Parts,
) -> Callable[[AsyncBoltRequest, Callable[[], Awaitable[BoltResponse]]], Awaitable[BoltResponse]]:
    async def of_our_workspace(req: AsyncBoltRequest, next: Callable[[], Awaitable[BoltResponse]]) -> BoltResponse:
        if req.body.get("type") in ("url_verification", "ssl_check") or is_of(req.body, parts.workspace()):
            return await next()
        parts.doorway.refuse(Refusal.WORKSPACE)
        return BoltResponse(status=403, body="another workspace", headers={"x-slack-no-retry": "1"})

    return of_our_workspace


def _answering_faults(doorway: Doorway) -> Callable[[Exception, AsyncBoltRequest], Awaitable[BoltResponse]]:
    async def answer(error: Exception, request: AsyncBoltRequest) -> BoltResponse:
        """An event that could not be taken is sent again; a person who waits for an answer is told."""
        if isinstance(error, BoltUnhandledRequestError):
            return BoltResponse(status=200, body="")
        kind = request.body.get("type") or ("command" if "command" in request.body else "")
        if not isinstance(error, StoreAwayError):
            _log.error("a %s of Slack's was not taken: %s", kind, type(error).__name__)
            return BoltResponse(status=500, body="")
        _log.warning("a %s of Slack's was not taken: %s", kind, error)
        doorway.refuse(Refusal.NOT_READY)
        if kind == "command":
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": AWAY})
        return BoltResponse(status=503, body="")

    return answer


def _quiet_logger() -> logging.Logger:
    """A logger for the SDK: at DEBUG it would log whole messages."""
    logger = logging.getLogger("slack_bolt.field_coach")
    logger.setLevel(logging.ERROR)  # it warns of settings that it finds in the environment and we give it ourselves
    logging.getLogger("slack_sdk").setLevel(logging.WARNING)
    return logger
