"""What of a review is too long for messages, as files."""

import aiohttp

from bot.channels.slack.api import SlackApi, SlackAwayError
from bot.channels.slack.shown import Target

_PATIENCE = aiohttp.ClientTimeout(total=60)


class ReviewFiles:
    """Sends files."""

    def __init__(self, api: SlackApi) -> None:
        self._api = api

    async def send(self, name: str, text: str, target: Target) -> None:
        """Posts `text` as a file of this name.

        Raises:
            SlackRefusedError, SlackAwayError: it could not be sent.
        """
        content = text.encode("utf-8", "replace")
        place = await self._api.call(
            "files.getUploadURLExternal", {"filename": name, "length": len(content)}, again=True
        )
        try:
            async with self._api.session.post(str(place["upload_url"]), data=content, timeout=_PATIENCE) as response:
                if response.status != 200:
                    raise SlackAwayError(f"upload: status {response.status}")
        except (aiohttp.ClientError, TimeoutError) as error:
            raise SlackAwayError(f"upload: {type(error).__name__}") from None
        arguments: dict[str, object] = {
            "files": [{"id": place["file_id"], "title": name}],
            "channel_id": target.channel,
        }
        if target.thread:
            arguments["thread_ts"] = target.thread
        await self._api.call("files.completeUploadExternal", arguments, again=False)
