"""Why a file cannot be read, in words for the person who sent it."""

from enum import Enum


class Fault(Enum):
    """What is wrong with a file: why it cannot be read, and what to send instead (followed by the kinds that are)."""

    UNKNOWN_KIND = ("", "send")
    EMPTY = ("it is empty", "send")
    TOO_LARGE = ("it is larger than 5 MB", "send its text alone, as")
    TOO_LONG = ("it has more than 1,000,000 characters", "send it in parts, as")
    NOT_ITS_KIND = ("its content is of another kind than its name", "send")
    LOCKED = ("it is protected with a password", "send it without one, as")
    LOCKED_OR_OLD = ("it is protected with a password or was saved by an old Word", "save it anew and send")
    NO_TEXT = ("there is no text in it; it may be a scan or a picture", "send")
    TOO_HEAVY = ("reading it takes too much time or memory", "send its text alone, as")
    DAMAGED = ("it is damaged", "send")

    @property
    def why(self) -> str:
        """What is wrong; nothing where the kinds say it all."""
        return self.value[0]

    @property
    def mend(self) -> str:
        """What to do, up to the kinds."""
        return self.value[1]


class FaultError(Exception):
    """A file has a fault; who knows the file's name puts it into words."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.name)
        self.fault = fault
