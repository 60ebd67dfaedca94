"""Names of Teams' people, conversations and messages as the coach knows them beside those of other channels."""

CHANNEL = "teams"
"""What the coach calls this channel."""
MS_TEAMS = "msteams"
"""What Microsoft's service and its SDK call it."""
_PREFIX = f"{CHANNEL}:"


def person_id(tenant: str, object_id: str, account: str = "") -> str:
    """A person, as COACH_ADMINS names them: by tenant and Entra object id, which are the same in any case of letters.

    `account` is Teams' own id ("29:…"), for who has no object id; it is another for every bot.
    """
    return f"{_PREFIX}{tenant.lower()}/{object_id.lower() or account}"


def thread_id(tenant: str, conversation: str) -> str:
    """A conversation: in a channel Teams' id of it names the thread (";messageid=…")."""
    return f"{_PREFIX}{tenant.lower()}/{conversation}"


def message_id(tenant: str, conversation: str, activity: str) -> str:
    """A message: where it stands and which one it is there, however often Teams delivers it."""
    return f"{thread_id(tenant, conversation)}/{activity}"


def request_id(tenant: str, kind: str, key: str) -> str:
    """What a person asked for without writing a message: a dialog, a button, the app's installation."""
    return f"{_PREFIX}{tenant.lower()}/{kind}/{key}"


def record_id(kind: str, id_: str) -> str:
    """What this channel keeps about a message or a conversation, by any id of this module."""
    return f"{_PREFIX}{kind}:{id_.removeprefix(_PREFIX)}"
