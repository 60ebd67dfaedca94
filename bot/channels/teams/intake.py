"""What an activity means to the coach: who addressed it, from where, with what; or why it is passed over. Pure."""

from collections.abc import Collection
from dataclasses import replace
from enum import StrEnum
from itertools import islice
from pathlib import PurePath

from bot.channels.file_reference import MAX_FILES, FileReference
from bot.channels.for_all import is_for_all
from bot.channels.teams.fields import Json, object_at, objects_at, text_at
from bot.channels.teams.ids import CHANNEL, message_id, person_id, request_id, thread_id
from bot.channels.teams.membership import BOT_PREFIX, home_of, is_bot, is_shared, own_ids
from bot.channels.teams.mentions import mentions_of
from bot.channels.teams.origin import Kind, Origin, Where
from bot.channels.teams.plain import typed
from bot.core.commands import ReactCommand, parse
from bot.core.messages import Incoming

FILE = "application/vnd.microsoft.teams.file.download.info"
"""The content type of a file that was sent in a personal chat; in other chats the coach gets none."""


class PassedOver(StrEnum):
    """Why an activity is not answered."""

    NO_MESSAGE = "no message"
    """It is no new message of a person's: an edit, a deletion, a reaction, a notice, a button."""
    BOT = "bot"
    OUTSIDER = "outsider"
    """Its author belongs to another company, or may do so."""
    NOT_ADDRESSED = "not addressed"
    UNREADABLE = "unreadable"
    """It lacks what a reply needs."""


def heard(activity: Json, *, bot: str, tenant: str) -> Incoming | PassedOver:
    """Reads an activity as it came over the wire, whatever it holds: a message to the coach, or why it is none.

    Args:
        activity: its JSON.
        bot: the app id, "" in local mode.
        tenant: whose members are answered, "" for those of any company, each in its own conversations.
    """
    own = own_ids(activity, bot)
    match text_at(activity, "type"):
        case "message":
            if not _says_something(activity):
                return PassedOver.NO_MESSAGE
        case "conversationUpdate":
            if not any(text_at(member, "id") in own for member in objects_at(activity, "membersAdded")):
                return PassedOver.NO_MESSAGE
        case "installationUpdate":
            if text_at(activity, "action").casefold() != "add":
                return PassedOver.NO_MESSAGE
        case _:
            return PassedOver.NO_MESSAGE
    if is_bot(activity, bot):
        return PassedOver.BOT
    home = home_of(activity, tenant)
    if home is None:
        return PassedOver.OUTSIDER
    origin = origin_of(activity, bot=bot, tenant=home)
    if not (origin.user and origin.conversation and origin.service_url):
        return PassedOver.UNREADABLE
    return _said(activity, origin, own) if text_at(activity, "type") == "message" else _joined(origin)


def origin_of(activity: Json, *, bot: str, tenant: str) -> Origin:
    """Gives where an activity came from, a message or any other, without its files."""
    return Origin(
        where=Where.HERE,
        service_url=text_at(activity, "serviceUrl"),
        tenant=tenant,
        conversation=text_at(activity, "conversation", "id"),
        kind=_kind(activity),
        user=text_at(activity, "from", "id"),
        object_id=text_at(activity, "from", "aadObjectId").lower(),
        bot=text_at(activity, "recipient", "id") or f"{BOT_PREFIX}{bot}",
        activity=text_at(activity, "id"),
    )


def files_of(holder: Json) -> tuple[FileReference, ...]:
    """Gives the files of a message, one more than are read at most; pictures in its text and cards are none."""
    sent = (each for each in objects_at(holder, "attachments") if text_at(each, "contentType").casefold() == FILE)
    return tuple(
        FileReference(name=_file_name(each), url=text_at(each, "content", "downloadUrl"))
        for each in islice(sent, MAX_FILES + 1)
    )


def _file_name(attachment: Json) -> str:
    """What a file is called; its kind is told beside its name."""
    name, kind = text_at(attachment, "name").strip() or "file", text_at(attachment, "content", "fileType").strip()
    return name if PurePath(name).suffix or not kind else f"{name}.{kind}"


def _says_something(activity: Json) -> bool:
    """Whether a message was written; what a card's button sends has values and no words."""
    return object_at(activity, "value") == {} or bool(text_at(activity, "text").strip())


def _said(activity: Json, origin: Origin, own: Collection[str]) -> Incoming | PassedOver:
    mentions = mentions_of(activity, own)
    is_personal = origin.kind == Kind.PERSONAL
    if not origin.activity:
        return PassedOver.UNREADABLE
    if not is_personal and not mentions.name_the_coach:
        return PassedOver.NOT_ADDRESSED
    text, files = typed(activity, mentions), files_of(activity)
    is_open = is_personal or (not is_shared(activity) and is_for_all(text, has_files=bool(files)))
    is_open = is_open or isinstance(parse(text), ReactCommand)  # it says nothing of anybody, and is of this thread
    origin = replace(origin, where=Where.HERE if is_open else Where.DIRECT, files=files)
    return _heard(message_id(origin.tenant, origin.conversation, origin.activity), text, origin)


def _joined(origin: Origin) -> Incoming | PassedOver:
    """A first message in a person's own chat with the coach, which Teams tells of in two ways: the help, once."""
    if origin.kind != Kind.PERSONAL:
        return PassedOver.NOT_ADDRESSED
    return _heard(request_id(origin.tenant, "welcome", origin.conversation), "help", origin)


def _heard(id_: str, text: str, origin: Origin) -> Incoming:
    return Incoming(
        id=id_,
        person=person_id(origin.tenant, origin.object_id, origin.user),
        thread=_thread(origin),
        text=text,
        channel=CHANNEL,
        origin=origin.text(),
    )


def _thread(origin: Origin) -> str:
    """What is answered alone is a thread of its own: it holds up nobody else, and is nobody else's context."""
    thread = thread_id(origin.tenant, origin.conversation)
    return thread if origin.where is Where.HERE else f"{thread}/{origin.object_id or origin.user}"


def _kind(activity: Json) -> Kind:
    """Of which kind a conversation is; where that is not said, what its id looks like."""
    said = text_at(activity, "conversation", "conversationType")
    if said in list(Kind):
        return Kind(said)
    id_ = text_at(activity, "conversation", "id")
    if object_at(activity, "channelData", "channel") or ";messageid=" in id_:
        return Kind.CHANNEL
    is_group = object_at(activity, "conversation").get("isGroup") or id_.startswith("19:")
    return Kind.GROUP if is_group else Kind.PERSONAL
