"""What comes in: one message from a person, the same value from every channel."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal


class Meant(StrEnum):
    """What a message's text is meant as."""

    COMMAND = "command"
    """To be read as a command; text that is none is a question."""
    QUESTION = "question"
    DRAFT = "draft"
    ANNOUNCEMENT = "announcement"
    """The position of a move in the trail of versions, to be told to those who follow it."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message, already read into text by the channel."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message.

    `id` is the message's own identity on its platform, the same however often it is delivered. `person` and `thread`
    are platform-qualified ids ("local", "slack:T1/U2"); a thread is what follow-up questions refer to. `channel` names
    the front end that delivers the reply. `confirmed` is the position of the trail at which the person confirmed an
    act that asks first, None as long as nobody has. `origin` is what the channel itself needs to read the message's
    files and to bring the reply where it belongs; it means nothing to anybody else.
    """

    id: str
    person: str
    thread: str
    text: str = field(repr=False)
    files: tuple[Attachment, ...] = field(default=(), repr=False)
    channel: str = "terminal"
    meant: Meant = Meant.COMMAND
    confirmed: int | None = None
    origin: str = field(default="", repr=False)


LOCAL = "local"
"""Who the command line and the page on loopback speak for; COACH_ADMINS can name it."""

Reaction = Literal["up", "down"]
"""What a person thinks of an answer."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a thread and the answer that it got, as later questions of the thread see it.

    `id` is the question's message, `prompt_version` the version that served it and `trial` the trial under way then.
    """

    id: str
    person: str
    question: str
    answer: str
    covered: bool
    prompt_version: int | None = None
    trial: int | None = None
    reaction: Reaction | None = None
