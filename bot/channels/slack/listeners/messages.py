"""Messages and mentions: into the inbox, then acknowledged."""

from slack_bolt.async_app import AsyncApp

from bot.channels.slack.api import Json
from bot.channels.slack.intake import PassedOver, heard
from bot.channels.slack.parts import Parts


def register(app: AsyncApp, parts: Parts) -> None:
    """Answers messages that are the coach's business, each once: a mention comes as two events."""

    async def take(body: Json) -> None:
        found = heard(body["event"], is_shared=bool(body.get("is_ext_shared_channel")), workspace=parts.workspace())
        if isinstance(found, PassedOver):
            parts.doorway.passed_over[found.value] += 1
            return
        if found.follows_up and (found.addresses is None or not await parts.follow_ups.has(found.addresses)):
            parts.doorway.passed_over[PassedOver.NOT_ADDRESSED.value] += 1
            return
        is_new = await parts.put(found.message)
        # Only what is new: a message that is delivered again must not bring back what was forgotten since.
        if is_new and not found.follows_up and found.addresses is not None:
            await parts.follow_ups.note(found.addresses, found.message.person)

    app.event("message")(take)
    app.event("app_mention")(take)
