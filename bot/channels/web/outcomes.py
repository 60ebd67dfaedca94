"""Replies as what the inbox keeps of them: the HTTP status and the JSON body that the page gets."""

import hashlib
import json
from dataclasses import dataclass

from bot.channels.web.identity import bare
from bot.channels.wire import Json, reply_json
from bot.core.messages import Incoming
from bot.core.replies import Answer, Failed, Refused, Reply, Review


@dataclass(frozen=True, slots=True)
class Kept:
    """A reply as it was kept; `of` is the fingerprint of the message that it answers."""

    of: str
    status: int
    body: Json


def fingerprint(message: Incoming) -> str:
    """Tells messages apart that were sent under one id: what is asked, and whether as a question or as a draft."""
    said = f"{message.meant}:{message.thread}:{message.text}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()


def review_name(message: Incoming) -> str:
    """Names the review of a draft; that of another draft, sent later under the same id, is another."""
    return hashlib.sha256(f"{message.id}|{fingerprint(message)}".encode()).hexdigest()


def write_outcome(message: Incoming, reply: Reply) -> str:
    """Gives the text to keep; it is ASCII, so that a lone surrogate of a draft comes back as it came."""
    body = dict(reply_json(reply))
    match reply:
        case Answer():
            body["id"] = bare(reply.id)
        case Review():
            body["review"] = review_name(message) if reply.edits else None
    return json.dumps({"of": fingerprint(message), "status": _status(reply), "reply": body})


def read_outcome(text: str) -> Kept:
    """Reads what `write_outcome` gave."""
    outcome = json.loads(text)
    return Kept(of=outcome["of"], status=outcome["status"], body=outcome["reply"])


def _status(reply: Reply) -> int:
    match reply:
        case Refused(limit=scope) if scope:
            return 429
        case Refused():
            return 400
        case Failed():
            return 500
        case _:
            return 200
