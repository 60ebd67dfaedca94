"""One thing that was looked at: how it stands, and how to mend it."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How something stands. `unsure` is worth a look, or could not be told from here."""

    OK = "ok"
    OFF = "off"
    PROBLEM = "problem"
    UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a subject, in one line, and in another what mends it, if that is called for."""

    subject: str
    state: State
    says: str
    mend: str = ""
