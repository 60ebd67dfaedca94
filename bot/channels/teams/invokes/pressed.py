"""A button that was pressed, or a form that was sent, as a value: who did it, where, with what."""

import uuid
from dataclasses import dataclass, field

from bot.channels.teams.fields import Json, object_at, text_at, whole
from bot.channels.teams.ids import person_id
from bot.channels.teams.places import Place

MAX_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Pressed:
    """What somebody sent.

    `verb` is the button's, `data` what the card put into it and the person filled in. `message` is the message of the
    coach's that was acted on, "" in a dialog; `id` is the request's own, a made-up one where Teams gave it none.
    """

    person: str
    place: Place
    id: str
    message: str = ""
    verb: str = ""
    data: Json = field(default_factory=dict, repr=False)

    def text(self, name: str) -> str:
        """What was filled in or put under a name, "" for what is no text or number."""
        value = self.data.get(name)
        return whole(str(value)) if isinstance(value, str | int) and not isinstance(value, bool) else ""

    def number(self, name: str) -> int | None:
        """The number under a name; None where there is none, or something else."""
        text = self.text(name).strip()
        return int(text) if text.isdecimal() and len(text) <= MAX_DIGITS else None

    def is_set(self, name: str) -> bool:
        """Whether a toggle is on."""
        return self.data.get(name) in ("true", True)


def read_pressed(activity: Json, *, home: str) -> Pressed:
    """Reads an invoke activity of a member of the tenant `home`, whose `value` a card or a dialog filled in."""
    return Pressed(
        person=person_id(home, text_at(activity, "from", "aadObjectId"), text_at(activity, "from", "id")),
        place=Place(
            service_url=text_at(activity, "serviceUrl"),
            tenant=home,
            conversation=text_at(activity, "conversation", "id"),
            user=text_at(activity, "from", "id"),
            bot=text_at(activity, "recipient", "id"),
        ),
        id=text_at(activity, "id") or uuid.uuid4().hex,
        message=text_at(activity, "replyToId"),
        verb=text_at(activity, "value", "action", "verb"),
        data=object_at(activity, "value", "action", "data") or object_at(activity, "value", "data"),
    )
