"""Names of Slack's people, conversations and messages as the coach knows them beside those of other channels."""

CHANNEL = "slack"
_PREFIX = f"{CHANNEL}:"


def person_id(team: str, user: str) -> str:
    """A member of a workspace, as COACH_ADMINS names them."""
    return f"{_PREFIX}{team}/{user}"


def user_of(person: str) -> str:
    """Slack's own id of a member."""
    return person.rpartition("/")[2]


def message_id(team: str, channel: str, ts: str) -> str:
    """A message: where it stands and when it was posted is its identity, however often Slack delivers it."""
    return f"{_PREFIX}{team}/{channel}/{ts}"


def request_id(team: str, kind: str, key: str) -> str:
    """What a person asked for without writing a message: a command, a form, a shortcut."""
    return f"{_PREFIX}{team}/{kind}/{key}"


def thread_id(team: str, channel: str, root: str) -> str:
    """A conversation: the thread below the message `root`."""
    return f"{_PREFIX}{team}/{channel}/{root}"


def record_id(kind: str, id_: str) -> str:
    """What this channel keeps about a message or a conversation."""
    return f"{_PREFIX}{kind}:{id_}"
