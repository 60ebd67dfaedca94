"""What comes in: one message from a person, the same value from every channel."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message, already read into text by the channel."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One message.

    `person` and `thread` are platform-qualified ids ("local", "slack:T1/U2"); a thread is what follow-up questions
    refer to.
    """

    id: str
    person: str
    thread: str
    text: str
    files: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a thread and the answer that it got, as later questions of the thread see it."""

    person: str
    question: str
    answer: str
    covered: bool
