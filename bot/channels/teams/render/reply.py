"""Any reply as messages."""

from bot.channels.teams.render.answer import answer_messages
from bot.channels.teams.render.guide import guide_messages
from bot.channels.teams.render.help import help_messages
from bot.channels.teams.render.message import Message
from bot.channels.teams.render.review import review_messages
from bot.channels.teams.render.small import failed_messages, forgotten_messages, noted_messages, refused_messages
from bot.channels.teams.render.versions import versions_messages
from bot.core.choices import OpenReview
from bot.core.replies import Answer, Failed, Forgotten, Guide, Help, Noted, Refused, Reply, Review


def render_reply(reply: Reply) -> tuple[Message, ...]:
    """Gives the reply as it looks where nothing of it is kept for later clicks, in at least one message."""
    match reply:
        case Answer():
            return answer_messages(reply)
        case Review():
            return review_messages(OpenReview(reply), "")
        case Guide():
            return guide_messages(reply)
        case Help():
            return help_messages(reply)
        case Forgotten():
            return forgotten_messages(reply)
        case Noted():
            return noted_messages(reply)
        case Refused():
            return refused_messages(reply)
        case Failed():
            return failed_messages(reply)
        case _:
            return versions_messages(reply, None)
