"""Files that came with a message, fetched from where a platform has them and read into text."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

import aiohttp
from yarl import URL

from bot.channels.file_reference import MAX_FILES, FileReference
from bot.core.messages import Attachment, Incoming
from bot.core.replies import Event, Refused, Status
from bot.core.worker import Handle, PlatformAwayError
from bot.files.reading import MAX_BYTES, UnreadableFileError, read_file

_OK = 200
_TOO_MANY = 429
_SERVER_ERROR = 500
_PATIENCE = aiohttp.ClientTimeout(total=60)

Fetch = Callable[[FileReference], Awaitable[bytes]]
"""What gives a file's content; raises `UnreadableFileError` with what is told instead, or `PlatformAwayError`."""


@dataclass(frozen=True, slots=True)
class Download:
    """What came of an address. `is_page` says that it came as a page, which may be one to sign in on."""

    content: bytes
    is_page: bool


async def with_files(
    message: Incoming, files: Sequence[FileReference], *, fetch: Fetch, handle: Handle
) -> AsyncGenerator[Event, None]:
    """Yields what `handle` says to the message with its files in it; one that cannot be read is told in its place."""
    attachments: list[Attachment] = []
    try:
        if len(files) > MAX_FILES:
            raise UnreadableFileError(f"At most {MAX_FILES} files are read at once: send them one by one.")
        for file in files:
            yield Status(f"Reading {file.name} …")
            attachments.append(Attachment(file.name, await read_file(file.name, await fetch(file))))
    except UnreadableFileError as error:
        yield Refused(str(error))
        return
    async with aclosing(handle(replace(message, files=tuple(attachments)))) as events:
        async for event in events:
            yield event


async def downloaded(
    session: aiohttp.ClientSession,
    file: FileReference,
    url: URL,
    *,
    not_given: UnreadableFileError,
    headers: Mapping[str, str] | None = None,
) -> Download:
    """Gives what is at `url`, at most `MAX_BYTES`; no redirect is followed.

    Raises:
        UnreadableFileError: it is too large; or `not_given`, where what comes is not the file.
        PlatformAwayError: it cannot be reached, or failed itself.
    """
    if file.size > MAX_BYTES:
        raise _too_large(file)
    try:
        async with session.get(url, headers=headers, allow_redirects=False, timeout=_PATIENCE) as response:
            if response.status >= _SERVER_ERROR or response.status == _TOO_MANY:
                raise PlatformAwayError(f"file: status {response.status}")
            # Without the right to read it, platforms answer with a page to sign in on.
            is_page = response.content_type == "text/html"
            if response.status != _OK or (is_page and not _may_be_page(file)):
                raise not_given
            content = await response.content.read(MAX_BYTES + 1)
            while len(content) <= MAX_BYTES and (more := await response.content.read(MAX_BYTES + 1)):
                content += more
    except (aiohttp.ClientError, TimeoutError) as error:
        raise PlatformAwayError(f"file: {type(error).__name__}") from None
    if len(content) > MAX_BYTES:
        raise _too_large(file)
    return Download(content, is_page)


def _may_be_page(file: FileReference) -> bool:
    return file.name.lower().endswith((".html", ".htm"))


def _too_large(file: FileReference) -> UnreadableFileError:
    return UnreadableFileError(
        f"“{file.name}” has more than {MAX_BYTES // 1_000_000} MB: send a smaller file, or paste its text."
    )
