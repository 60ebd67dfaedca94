"""What one client may take: how long, how much, how many connections there are at once."""

import resource
from dataclasses import dataclass

from aiohttp import web

SPARE_FILES = 200
"""Files and sockets of a process that are no client's: its store's, its platforms', the model's."""
MOST_CONNECTIONS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Deadlines in seconds, sizes in bytes.

    `idle_seconds` is longer than proxies keep a connection that nothing is sent on (mostly 60), since one that both
    ends close and use in the same moment loses a request. `lingering_seconds` is how long what comes after an early
    reply is still read, so that the reply arrives.
    """

    header_seconds: float = 10.0
    body_seconds: float = 30.0
    idle_seconds: float = 75.0
    unread_seconds: float = 30.0
    lingering_seconds: float = 2.0
    line: int = 8_190
    field: int = 8_190
    fields: int = 100
    connections: int = MOST_CONNECTIONS


def bounds_here() -> Bounds:
    """Gives the bounds, with no more connections than this process may have files open."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if files == resource.RLIM_INFINITY:
        return Bounds()
    return Bounds(connections=min(MOST_CONNECTIONS, max(files - SPARE_FILES, files // 2)))


class TooSlowError(web.RequestPayloadError):
    """A request's body did not come in time."""
