"""The quotes behind an answer, kept until somebody opens them."""

from bot.channels.slack.ids import record_id
from bot.core.messages import Incoming
from bot.core.recorded import read_record, recorded
from bot.core.replies import Answer, Citation
from bot.core.state import Records, StoreAwayError

KEPT_SECONDS = 7 * 24 * 3600.0


class Sources:
    """Keeps the lines that answers rest on."""

    def __init__(self, records: Records) -> None:
        self._records = records

    async def keep(self, answer: Answer, message: Incoming) -> str | None:
        """Keeps an answer's citations and gives what they are found by; None when there are none or they are not kept.

        An answer that is shown once more finds them kept.
        """
        if not answer.citations:
            return None
        body = recorded(answer.citations)
        try:
            await self._records.write(_key(message.id), body, person=message.person, expected=0, lasts=KEPT_SECONDS)
        except StoreAwayError:
            return None  # the quotes stand below the answer then
        return message.id

    async def find(self, id_: str) -> tuple[Citation, ...] | None:
        """Gives the citations; None when they are not kept any more."""
        record = await self._records.read(_key(id_))
        return read_record(tuple[Citation, ...], record.body) if record else None


def _key(id_: str) -> str:
    return record_id("sources", id_)
