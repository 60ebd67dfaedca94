"""Files that came with a message, fetched from Slack."""

from collections.abc import AsyncGenerator

from yarl import URL

from bot.channels.fetching import downloaded, with_files
from bot.channels.file_reference import FileReference
from bot.channels.slack.api import SlackApi
from bot.channels.slack.origin import read_origin
from bot.core.messages import Incoming
from bot.core.replies import Event
from bot.core.worker import Handle
from bot.files.reading import UnreadableFileError

FILE_HOST = "files.slack.com"


class Fetching:
    """Answers Slack's messages with their files in them."""

    def __init__(self, api: SlackApi, handle: Handle) -> None:
        self._api = api
        self._handle = handle

    def handle(self, message: Incoming) -> AsyncGenerator[Event, None]:
        """Yields what the coach says to the message; a file that cannot be read is told in its place."""
        files = read_origin(message.origin).files
        return with_files(message, files, fetch=self._fetched, handle=self._handle)

    async def _fetched(self, file: FileReference) -> bytes:
        """Gives a file's content, as `bot.channels.fetching.Fetch` does."""
        if not self._api.owns(file.url, FILE_HOST):
            raise UnreadableFileError(f"“{file.name}” is not kept by Slack: upload it here, or paste its text.")
        not_given = UnreadableFileError(f"“{file.name}” is not given out by Slack: paste its text instead.")
        headers = {"Authorization": f"Bearer {self._api.token}"}
        found = await downloaded(self._api.session, file, URL(file.url), not_given=not_given, headers=headers)
        if found.is_page and len(found.content) != file.size:
            raise not_given
        return found.content
