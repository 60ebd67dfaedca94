"""Where a message came from, kept with it, so that any replica can answer it where it belongs."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from bot.channels.file_reference import FileReference


class Where(StrEnum):
    """Where a message's reply belongs."""

    HERE = "here"
    """In the conversation that it came from, for all who are there: a personal chat, or a question in public."""
    DIRECT = "direct"
    """In the person's personal chat with the coach."""
    DIALOG = "dialog"
    """In a dialog that waits for it."""
    ANNOUNCED = "announced"
    """In a channel, as a message of the coach's own accord."""


class Kind(StrEnum):
    """Kinds of conversations, in Teams' words."""

    PERSONAL = "personal"
    GROUP = "groupChat"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message came from and where its reply goes.

    `service_url` is where Teams takes replies to it, `conversation` the conversation in Teams' words (a channel's
    thread with its ";messageid=…"), `kind` of which kind it is, "" where that is unknown. `user` is who wrote it, by
    Teams' own id ("29:…"), `object_id` the same person's in Entra; `bot` the coach ("28:…"). `activity` is the message.
    """

    where: Where
    service_url: str = ""
    tenant: str = ""
    conversation: str = ""
    kind: str = ""
    user: str = ""
    object_id: str = ""
    bot: str = ""
    activity: str = ""
    files: tuple[FileReference, ...] = ()

    def text(self) -> str:
        """The origin as a message keeps it."""
        return json.dumps(asdict(self))


def read_origin(text: str) -> Origin:
    """Gives the origin that `Origin.text` wrote."""
    values = json.loads(text)
    files = tuple(FileReference(**each) for each in values.pop("files"))
    return Origin(where=Where(values.pop("where")), files=files, **values)


def announced_in(conversation: str) -> str:
    """The origin, as text, of what the coach says in a conversation of its own accord."""
    return Origin(where=Where.ANNOUNCED, conversation=conversation).text()
