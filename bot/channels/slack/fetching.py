"""Files that came with a message, fetched from Slack and read into text."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

import aiohttp

from bot.channels.slack.api import SlackApi, SlackAwayError
from bot.channels.slack.intake import MAX_FILES
from bot.channels.slack.origin import FileReference, read_origin
from bot.core.messages import Attachment, Incoming
from bot.core.replies import Event, Refused, Status
from bot.core.worker import Handle
from bot.files.reading import MAX_BYTES, UnreadableFileError, read_file

FILE_HOST = "files.slack.com"
_OK = 200
_TOO_MANY = 429
_SERVER_ERROR = 500
_PATIENCE = aiohttp.ClientTimeout(total=60)


class Fetching:
    """Answers Slack's messages with their files in them."""

    def __init__(self, api: SlackApi, handle: Handle) -> None:
        self._api = api
        self._handle = handle

    async def handle(self, message: Incoming) -> AsyncGenerator[Event, None]:
        """Yields what the coach says to the message; a file that cannot be read is told in its place."""
        files = read_origin(message.origin).files
        attachments: list[Attachment] = []
        try:
            if len(files) > MAX_FILES:
                raise UnreadableFileError(f"At most {MAX_FILES} files are read at once: send them one by one.")
            for file in files:
                yield Status(f"Reading {file.name} …")
                attachments.append(Attachment(file.name, await read_file(file.name, await self._fetched(file))))
        except UnreadableFileError as error:
            yield Refused(str(error))
            return
        async with aclosing(self._handle(replace(message, files=tuple(attachments)))) as events:
            async for event in events:
                yield event

    async def _fetched(self, file: FileReference) -> bytes:
        """Gives a file's content.

        Raises:
            UnreadableFileError: it is too large, or Slack does not give it.
            SlackAwayError: Slack cannot be reached or failed itself.
        """
        if file.size > MAX_BYTES:
            raise _too_large(file)
        if not self._api.owns(file.url, FILE_HOST):
            raise UnreadableFileError(f"“{file.name}” is not kept by Slack: upload it here, or paste its text.")
        headers = {"Authorization": f"Bearer {self._api.token}"}
        try:
            async with self._api.session.get(
                file.url, headers=headers, allow_redirects=False, timeout=_PATIENCE
            ) as response:
                if response.status >= _SERVER_ERROR or response.status == _TOO_MANY:
                    raise SlackAwayError(f"file: status {response.status}")
                # Without the right to read it, Slack answers with a page to sign in on.
                is_page = response.content_type == "text/html"
                if response.status != _OK or (is_page and not _is_page(file)):
                    raise _not_given(file)
                content = await response.content.read(MAX_BYTES + 1)
                while len(content) <= MAX_BYTES and (more := await response.content.read(MAX_BYTES + 1)):
                    content += more
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackAwayError(f"file: {type(error).__name__}") from None
        if len(content) > MAX_BYTES:
            raise _too_large(file)
        if is_page and len(content) != file.size:
            raise _not_given(file)
        return content


def _is_page(file: FileReference) -> bool:
    return file.name.lower().endswith((".html", ".htm"))


def _not_given(file: FileReference) -> UnreadableFileError:
    return UnreadableFileError(f"“{file.name}” is not given out by Slack: paste its text instead.")


def _too_large(file: FileReference) -> UnreadableFileError:
    return UnreadableFileError(
        f"“{file.name}” has more than {MAX_BYTES // 1_000_000} MB: send a smaller file, or paste its text."
    )
