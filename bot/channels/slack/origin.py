"""Where a message came from, kept with it, so that any replica can answer it where it belongs."""

import json
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from bot.channels.file_reference import FileReference


class Where(StrEnum):
    """Where a message's reply belongs."""

    THREAD = "thread"
    """Below the message, for all who are there: a direct message, or a channel that asked in public."""
    ASIDE = "aside"
    """In the channel, to be seen by the asker alone."""
    COMMAND = "command"
    """As the reply to a slash command, seen by its sender alone."""
    DIRECT = "direct"
    """In the person's direct messages with the coach."""
    ANNOUNCED = "announced"
    """In a channel, as a message of the coach's own accord."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a message came from and where its reply goes.

    `thread` is the root of the thread to reply in. `response_url` takes the reply to a command. `view` is the external
    id of a view that waits. `quiet` says that nobody addressed the coach by name: it speaks only if it has an answer.
    """

    where: Where
    team: str
    user: str
    channel: str = ""
    ts: str = ""
    thread: str = ""
    response_url: str = field(default="", repr=False)
    view: str = ""
    files: tuple[FileReference, ...] = ()
    quiet: bool = False

    def text(self) -> str:
        """The origin as a message keeps it."""
        return json.dumps(asdict(self))


def read_origin(text: str) -> Origin:
    """Gives the origin that `Origin.text` wrote."""
    values = json.loads(text)
    files = tuple(FileReference(**each) for each in values.pop("files"))
    return Origin(where=Where(values.pop("where")), files=files, **values)


def is_open(origin: Origin) -> bool:
    """Whether all who are there see the reply grow: they see what is being done before, too."""
    return origin.where is Where.THREAD and not origin.quiet


def announced_in(channel: str) -> str:
    """The origin, as text, of what the coach says in a channel of its own accord."""
    return Origin(where=Where.ANNOUNCED, team="", user="", channel=channel).text()
