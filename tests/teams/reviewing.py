"""Reviews in the loopback Teams: asked for, read and decided on."""

from tests.teams.coaching import ANA, DRAFT, REWRITTEN, asked, calls_to, chat_of, fields, idle, logged, said
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.workspace import Json, Upload
from tests.teams.serving import Served

SUMMARY = "2 sentences say what the guide says not to say. Below: what to say instead."
FIRST_KEPT = REWRITTEN.replace("Our tiles last sixty years.", "Our tiles last forever.")
CLOSED = "This review is not kept any more: send the draft once more."


async def review_of(coached: Served, draft: str = DRAFT, user: str = ANA) -> list[Seen]:
    """Has a draft reviewed in a personal chat and gives the review's messages, once all are there."""
    _, shown = await asked(coached, user, chat_of(coached, user), f"review {draft}")
    return shown


async def sent(coached: Served, *files: Upload, text: str = "", user: str = ANA) -> list[Seen]:
    """Somebody attaches files in their personal chat; gives what came of it."""
    chat = chat_of(coached, user)
    before = len(said(coached.teams, user, chat))
    await coached.teams.say(user, chat, text, files=files)
    await idle(coached)
    return said(coached.teams, user, chat)[before:]


def rewritten(coached: Served, user: str = ANA) -> str:
    """The rewritten drafts as they stand before the writer, all that there are."""
    shown = said(coached.teams, user, chat_of(coached, user))
    return "".join(text for each in shown for text in fields(each.cards, "Rewritten draft"))


async def decisions(coached: Served) -> list[Json]:
    """What was learnt from choices."""
    return await logged(coached, "decisions")


async def all_shown(coached: Served, message: Seen, user: str = ANA) -> None:
    """Waits until what a button answered is in the message itself too, for every device."""

    def is_so() -> bool:
        found = next(each for each in said(coached.teams, user, message.thread) if each.id == message.id)
        changes = [call for call in calls_to(coached, "update") if call.path.endswith(f"/{message.id}")]
        return bool(changes) and [each["content"] for each in changes[-1].body["attachments"]] == found.cards

    await coached.teams.until(is_so)
