"""Files that came with a message, fetched from where Teams keeps them: SharePoint, of whichever company."""

import re
from collections.abc import AsyncGenerator, Callable

import aiohttp
from yarl import URL

from bot.channels.fetching import downloaded, with_files
from bot.channels.file_reference import FileReference
from bot.channels.teams.cloud import is_loopback_host
from bot.channels.teams.origin import read_origin
from bot.core.messages import Incoming
from bot.core.replies import Event
from bot.core.worker import Handle
from bot.files.reading import UnreadableFileError

_SUFFIXES = (".sharepoint.com", ".sharepoint.us", ".sharepoint-mil.us")
"""Of the worldwide cloud and GCC, of GCC High, of DoD."""
_PRINTABLE = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")

Allows = Callable[[URL], bool]
"""Says whether files may be fetched from an address."""


def in_sharepoint(url: URL) -> bool:
    """Whether an address is SharePoint's, over TLS."""
    host = (url.raw_host or "").lower()
    is_named = bool(_NAME.fullmatch(host)) and host.endswith(_SUFFIXES)
    return is_named and url.scheme == "https" and url.explicit_port in (None, 443)


def on_loopback(url: URL) -> bool:
    """Whether an address is on this machine, where the local mode has everything."""
    return url.scheme in ("http", "https") and is_loopback_host(url.raw_host or "")


class Fetching:
    """Answers Teams' messages with their files in them.

    A file's address comes with the right to read it for some minutes, so nothing of the coach's is sent along.
    """

    def __init__(self, handle: Handle, *, allows: Allows = in_sharepoint) -> None:
        self._handle = handle
        self._allows = allows

    def handle(self, message: Incoming) -> AsyncGenerator[Event, None]:
        """Yields what the coach says to the message; a file that cannot be read is told in its place."""
        files = read_origin(message.origin).files if message.origin else ()
        return with_files(message, files, fetch=self._fetched, handle=self._handle)

    async def _fetched(self, file: FileReference) -> bytes:
        """Gives a file's content, as `bot.channels.fetching.Fetch` does."""
        url = _url(file.url)
        if url is None or not self._allows(url):
            raise UnreadableFileError(f"“{file.name}” is not kept in OneDrive: upload it here, or paste its text.")
        not_given = UnreadableFileError(f"“{file.name}” is not given out any more: send it again, or paste its text.")
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), trust_env=True) as session:
            return (await downloaded(session, file, url, not_given=not_given)).content


def _url(text: str) -> URL | None:
    """The address as it is written, for its signature holds for no other; None for what is none, or names a user."""
    if not _PRINTABLE.fullmatch(text):
        return None
    try:
        url = URL(text, encoded=True)
        return url if url.raw_host and url.raw_user is None and url.raw_password is None else None
    except ValueError:
        return None
