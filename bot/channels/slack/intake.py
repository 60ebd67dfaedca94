"""What a message event means to the coach: who addressed it, from where, with what; or why it is passed over. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from bot.channels.file_reference import MAX_FILES, FileReference
from bot.channels.for_all import is_for_all
from bot.channels.slack.ids import CHANNEL, message_id, person_id, thread_id
from bot.channels.slack.origin import Origin, Where
from bot.channels.slack.plain import addressed, plain, without_address
from bot.channels.slack.typed import source_of
from bot.channels.slack.typed_elements import Json
from bot.channels.slack.workspace import Workspace
from bot.core.commands import AskCommand, parse
from bot.core.messages import Incoming

_SAID = (None, "file_share", "thread_broadcast")
"""Subtypes of messages that a person wrote; others tell of edits, deletions, joining and the like."""
_SLACKBOT = "USLACKBOT"
_MENTION = re.compile(r"<[@!]")
"""Of anybody, or of many at once."""
_ASKS = re.compile(
    r"(?:(?:and|but|so|or|ok(?:ay)?|also|then|well|hm+)\b[ ,]*){0,3}"
    r"(?:what|how|why|when|who|which|where|whose|can|could|do|does|did|is|are|was|were|should|would|will|may|must|has"
    r"|have)\b",
    re.IGNORECASE,
)


class PassedOver(StrEnum):
    """Why an event is not answered."""

    SUBTYPE = "subtype"
    """It is no new message of a person's: an edit, a deletion, a notice."""
    BOT = "bot"
    OUTSIDER = "outsider"
    """Its author is a member of another company's workspace."""
    NOT_ADDRESSED = "not addressed"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message that is the coach's business.

    `follows_up` says that nobody addressed it: it counts only where its author has addressed the coach before in the
    same thread. `addresses` is the conversation that later messages may follow up in without doing so.
    """

    message: Incoming
    follows_up: bool = False
    addresses: str | None = field(default=None)


def heard(event: Json, *, is_shared: bool, workspace: Workspace) -> Heard | PassedOver:
    """Reads a `message` or `app_mention` event; both of one message give the same.

    `is_shared` says that members of other companies see the conversation.
    """
    if event.get("subtype") not in _SAID or event.get("hidden") or "edited" in event:
        return PassedOver.SUBTYPE
    user = event.get("user") or ""
    if event.get("bot_id") or user in ("", _SLACKBOT, workspace.bot_user):
        return PassedOver.BOT
    if _is_outsider(event, is_shared=is_shared, workspace=workspace):
        return PassedOver.OUTSIDER
    channel, ts, raw = event["channel"], event["ts"], source_of(event)
    root = event.get("thread_ts") or ts
    is_direct = channel.startswith("D") or event.get("channel_type") == "im"
    is_named = addressed(raw, workspace.bot_user)
    if (
        not is_direct
        and not is_named
        and (root == ts or event.get("files") or _MENTION.search(raw) or not _is_question(plain(raw)))
    ):
        return PassedOver.NOT_ADDRESSED
    text = without_address(raw, workspace.bot_user) if is_named else plain(raw)
    where = Where.THREAD
    if not is_direct and (is_shared or not is_for_all(text, has_files=bool(event.get("files")))):
        where = Where.ASIDE
    origin = Origin(
        where=where,
        team=workspace.team,
        user=user,
        channel=channel,
        ts=ts,
        thread=root,
        files=files_of(event),
        quiet=not is_direct and not is_named,
    )
    thread = thread_id(workspace.team, channel, root)
    message = Incoming(
        id=message_id(workspace.team, channel, ts),
        person=person_id(workspace.team, user),
        thread=thread,
        text=text,
        channel=CHANNEL,
        origin=origin.text(),
    )
    return Heard(message, follows_up=origin.quiet, addresses=None if is_direct else f"{thread}/{user}")


def files_of(holder: Json) -> tuple[FileReference, ...]:
    """The files of an event or a message, one more than are read at most."""
    listed: Sequence[Json] = holder.get("files") or ()
    return tuple(
        FileReference(
            name=str(file.get("name") or "file"),
            url=str(file.get("url_private_download") or file.get("url_private") or ""),
            size=int(file.get("size") or 0),
        )
        for file in listed[: MAX_FILES + 1]
    )


def _is_outsider(event: Json, *, is_shared: bool, workspace: Workspace) -> bool:
    """Whether the author belongs to another workspace, as far as an event tells.

    It is assumed of Slack's events, as their senders' libraries and bug reports have them:

    - `user_team`, and `source_team` with it, is the author's. Where a company has an Enterprise Grid organization it
      may be the organization ("E…") instead of the workspace, for authors who are members of it too.
    - `team` is the author's where it stands alone. In a channel shared with another company it may also be the
      workspace that the event is delivered by: there `user_team` decides, and who names an organization is an outsider.
      Elsewhere nobody from outside the organization can write, so one of the names is enough.
    - Messages with files may name none. A file's `user_team` is its uploader's, who need not be who shares it.
    - In a channel shared with another company, whoever shows no workspace is an outsider; elsewhere a member.
    """
    names = [team for name in ("user_team", "source_team", "team") if (team := event.get(name))]
    if not is_shared:
        return bool(names) and workspace.team not in names
    return (names[0] if names else _uploaders_team(event)) != workspace.team


def _uploaders_team(event: Json) -> str | None:
    """The workspace of who uploaded the first file, if it is the author's own."""
    first: Json = (event.get("files") or ({},))[0]
    return first.get("user_team") if first.get("user") == event.get("user") else None


def _is_question(text: str) -> bool:
    """Whether a message to nobody in particular asks something; "thanks" does not."""
    return isinstance(parse(text), AskCommand) and ("?" in text or bool(_ASKS.match(text.strip())))
