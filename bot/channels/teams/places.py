"""Conversations as they are reached."""

from dataclasses import dataclass

from bot.channels.teams.origin import Origin


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation and how it is reached; `user` is the person's account in it, `bot` the coach's."""

    service_url: str
    tenant: str
    conversation: str
    user: str
    bot: str


def place_of(origin: Origin) -> Place:
    """The conversation that a message came from."""
    return Place(
        service_url=origin.service_url,
        tenant=origin.tenant,
        conversation=origin.conversation,
        user=origin.user,
        bot=origin.bot,
    )
