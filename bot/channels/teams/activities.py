"""Activities as the SDK's models that keep every key.

Its own drop what makes a message an answer of an AI's, and of which company its author is.
"""

from typing import ClassVar

from botbuilder.schema import Activity, ChannelAccount, Entity

from bot.channels.teams.fields import Json, objects_at


class AnyEntity(Entity):
    """An entity with whatever keys it is given."""

    _attribute_map: ClassVar[dict[str, dict[str, str]]] = {
        "type": {"key": "type", "type": "str"},
        "additional_properties": {"key": "", "type": "{object}"},
    }


class AnyAccount(ChannelAccount):
    """An account with whatever keys it is given."""

    _attribute_map: ClassVar[dict[str, dict[str, str]]] = {
        **ChannelAccount._attribute_map,
        "additional_properties": {"key": "", "type": "{object}"},
    }


def activity_of(written: Json) -> Activity:
    """Makes an activity that is on the wire what `written` is."""
    activity: Activity = Activity.deserialize({key: value for key, value in written.items() if key != "entities"})
    activity.entities = [
        AnyEntity(
            type=entity.get("type"),
            additional_properties={key: value for key, value in entity.items() if key != "type"},
        )
        for entity in objects_at(written, "entities")
    ]
    if isinstance(author := written.get("from"), dict):
        activity.from_property = AnyAccount.deserialize(author)
    return activity
