"""Buttons below answers: thumbs, and the quotes."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.channels.slack.api import Json
from bot.channels.slack.clicking import read_click
from bot.channels.slack.parts import Parts
from bot.channels.slack.render.answer import rated
from bot.channels.slack.render.sources import sources_modal
from bot.channels.slack.render.views import told
from bot.core.messages import Reaction
from bot.core.replies import Refused

NOT_KEPT = "The quotes are not kept any more: ask the question once more."
REACTIONS: dict[str, Reaction] = {"good": "up", "bad": "down"}


def register(app: AsyncApp, parts: Parts) -> None:
    """Takes reactions and shows quotes."""

    async def feedback(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        answer = rated(click.block)
        reaction = REACTIONS.get(click.value)
        if answer is not None and reaction is not None:
            thread, id_ = answer
            refused = await parts.coach.react(thread, id_, person=click.person, reaction=reaction)
            if isinstance(refused, Refused):
                click.tell(parts, f"{refused.reason} Only who asked can rate it.")
        await ack()

    async def sources(ack: AsyncAck, body: Json) -> None:
        click = read_click(body, parts.workspace())
        citations = await parts.sources.find(click.value)
        await ack()
        if not click.is_member:
            return
        click.open(parts, sources_modal(citations) if citations else told("Sources", NOT_KEPT))

    app.action("feedback")(feedback)
    app.action("sources")(sources)
