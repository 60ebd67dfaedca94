"""How a delivery ended, and what the two ways of delivering have in common."""

from typing import Literal, NamedTuple, Protocol

from tests.slack.loopback.workspace import Json

Envelope = Literal["events_api", "slash_commands", "interactive"]


class Delivered(NamedTuple):
    """The app's answer to one attempt: status 200, another, or 0 with the `reason` why there was none."""

    status: int
    body: Json | str = ""
    reason: str = ""
    no_retry: bool = False


class Retry(NamedTuple):
    """An attempt after the first: its number and why the one before failed."""

    number: int
    reason: str


class Route(Protocol):
    """A way to the app."""

    async def attempt(self, envelope: Envelope, payload: Json, retry: Retry | None) -> Delivered:
        """Delivers once and waits for the answer."""
