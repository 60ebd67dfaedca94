"""Messages and turns as JSON text, free text as bytes: what every store writes, and reads again."""

import json
from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.core.messages import Incoming, Turn

_INCOMING = TypeAdapter(Incoming)
_TURN = TypeAdapter(Turn)
_Value = TypeVar("_Value")


class UnreadableError(ValueError):
    """What is stored is not of the shape that this program reads; the message says where, without the text."""


def incoming_json(message: Incoming) -> str:
    """Gives a message as JSON in ASCII, so that a lone surrogate of a draft can be stored and comes back as it came."""
    return json.dumps(_INCOMING.dump_python(message, mode="json"))


def read_incoming(text: str | bytes) -> Incoming:
    """Gives the message that `incoming_json` wrote; fields that this program does not know are passed over.

    Raises:
        UnreadableError: it is no message.
    """
    return _read(_INCOMING, text)


def turn_json(turn: Turn) -> str:
    """Gives a turn as JSON in ASCII."""
    return json.dumps(_TURN.dump_python(turn, mode="json"))


def read_turn(text: str | bytes) -> Turn:
    """Gives the turn that `turn_json` wrote; fields that this program does not know are passed over.

    Raises:
        UnreadableError: it is no turn.
    """
    return _read(_TURN, text)


def packed(text: str) -> bytes:
    """Gives free text (a reply, a reason, a log entry) as UTF-8 in which a lone surrogate is allowed."""
    return text.encode("utf-8", "surrogatepass")


def unpacked(raw: bytes) -> str:
    """Gives the text that `packed` wrote."""
    return raw.decode("utf-8", "surrogatepass")


def _read(adapter: "TypeAdapter[_Value]", text: str | bytes) -> _Value:
    # pydantic's own JSON reader takes no lone surrogate.
    try:
        return adapter.validate_python(json.loads(text))
    except ValidationError as error:
        places = ", ".join(".".join(map(str, fault["loc"])) or "the whole" for fault in error.errors())
        raise UnreadableError(f"not of a shape that this program reads: {places}") from None
    except ValueError:
        raise UnreadableError("not JSON") from None
