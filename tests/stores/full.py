"""Records on a full disk."""

from bot.core.state import Record, Records, StoreAwayError


class RecordsThatAreFull:
    """Can be read and, while `full`, not written."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self.full = False

    async def read(self, id_: str) -> Record | None:
        return await self._records.read(id_)

    async def write(self, id_: str, body: str, *, person: str, expected: int, lasts: float) -> bool:
        if self.full:
            raise StoreAwayError("make room on the disk")
        return await self._records.write(id_, body, person=person, expected=expected, lasts=lasts)

    async def forget(self, person: str) -> int:
        return await self._records.forget(person)
