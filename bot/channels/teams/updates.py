"""Cards put in the place of older ones: a message is changed by one update at a time, and the newest card wins."""

from bot.channels.teams.calls import TeamsAwayError, TeamsRefusedError
from bot.channels.teams.connector import Connector
from bot.channels.teams.fields import Json
from bot.channels.teams.places import Place


class Updates:
    """The messages that this process is changing, and what each is to show in the end."""

    def __init__(self) -> None:
        self._newest: dict[tuple[str, str], Json] = {}

    async def put(self, connector: Connector, place: Place, id_: str, activity: Json) -> None:
        """Puts an activity in the place of the message `id_`; one that is being changed is changed once more after it.

        What comes while another update is under way is left to that one: this returns at once.

        Raises:
            TeamsRefusedError, TeamsAwayError: as in `Connector.update`, of the newest activity.
        """
        key = place.conversation, id_
        is_under_way = key in self._newest
        self._newest[key] = activity
        if is_under_way:
            return
        shown: Json | None = None
        try:
            while (newest := self._newest[key]) is not shown:
                shown = newest
                try:
                    await connector.update(place, id_, newest)
                except (TeamsRefusedError, TeamsAwayError):
                    if self._newest[key] is newest:
                        raise
        finally:
            del self._newest[key]
