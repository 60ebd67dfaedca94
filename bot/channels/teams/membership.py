"""Who wrote to the coach: whether it is itself, and whose member its author is."""

from bot.channels.teams.fields import Json, text_at

BOT_PREFIX = "28:"
"""Of the account ids of bots."""


def own_ids(activity: Json, bot: str) -> frozenset[str]:
    """Gives the account ids that mean the coach: whom the activity is for, and the app."""
    known = (text_at(activity, "recipient", "id"), bot, f"{BOT_PREFIX}{bot}" if bot else "")
    return frozenset(filter(None, known))


def home_of(activity: Json, tenant: str) -> str | None:
    """Gives the tenant of an activity's author, "" where none is named and any is answered; None for an outsider.

    It is assumed of Teams' activities, as its documentation and its libraries' bug reports have them:

    - `conversation.tenantId` and `channelData.tenant.id` are the conversation's. Elsewhere than in a shared channel
      nobody from outside that tenant can write but as its guest, which is a member with an object id in it.
    - In a shared channel (`channelData.channel.type`) an author may belong to another company. Only a tenant named
      beside the author says so, or else: `from.tenantId`, or `channelData.membershipSource.tenantId`.
    - Who has no object id has come by a link to a meeting, or from elsewhere.
    """
    theirs = _named(
        text_at(activity, "from", "tenantId"), text_at(activity, "channelData", "membershipSource", "tenantId")
    )
    names = theirs | _named(
        text_at(activity, "conversation", "tenantId"), text_at(activity, "channelData", "tenant", "id")
    )
    if len(names | _named(tenant)) > 1 or (tenant and not names):
        return None
    if is_shared(activity) and not theirs:
        return None
    if tenant and not text_at(activity, "from", "aadObjectId"):
        return None
    return next(iter(names), "")


def is_shared(activity: Json) -> bool:
    """Whether an activity comes from a channel that other teams, and other companies, can see."""
    return text_at(activity, "channelData", "channel", "type").casefold() == "shared"


def is_bot(activity: Json, bot: str) -> bool:
    """Whether the coach or another bot wrote it."""
    author = text_at(activity, "from", "id")
    is_named = text_at(activity, "from", "role").casefold() == "bot"
    return is_named or author.startswith(BOT_PREFIX) or author in own_ids(activity, bot)


def _named(*tenants: str) -> set[str]:
    return {tenant.lower() for tenant in tenants if tenant}
