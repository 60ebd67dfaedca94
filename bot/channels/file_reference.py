"""A file that came with a message, where a platform has it."""

from dataclasses import dataclass, field

MAX_FILES = 5
"""Files of one message that are read; with more of them, none is."""


@dataclass(frozen=True, slots=True)
class FileReference:
    """A file that came along, not fetched yet.

    `url` is where the platform has it, `size` in bytes as the platform says, 0 where it says none.
    """

    name: str
    url: str = field(repr=False)
    size: int = 0
