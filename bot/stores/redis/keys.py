"""The names of keys. What a script moves together has the same hash tag, and so the same node of a cluster."""

from dataclasses import dataclass
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys that begin with `prefix`.

    Raises:
        ValueError: the prefix has a brace, which would be taken for the hash tag.
    """

    prefix: str

    def __post_init__(self) -> None:
        if "{" in self.prefix or "}" in self.prefix:
            raise ValueError(f"prefix {self.prefix!r} has a brace: name one without")

    def inbox(self, name: str) -> str:
        """Gives a key of the inbox; all of them are in one slot."""
        return f"{self.prefix}:{{inbox}}:{name}"

    def thread(self, thread: str, name: str) -> str:
        """Gives a key of one thread."""
        return self._tagged("thread", thread, name)

    def person(self, person: str, name: str) -> str:
        """Gives a key of one person."""
        return self._tagged("person", person, name)

    def record(self, id_: str, name: str) -> str:
        """Gives a key of one record."""
        return self._tagged("record", id_, name)

    def log(self, stream: str, name: str) -> str:
        """Gives a key of one stream of the log."""
        return self._tagged("log", stream, name)

    def count(self, group: str) -> str:
        """Gives the key of one group of sums."""
        return self._tagged("count", group, "sums")

    def meta(self, name: str) -> str:
        """Gives a key about the store itself."""
        return f"{self.prefix}:{{meta}}:{name}"

    def _tagged(self, kind: str, id_: str, name: str) -> str:
        # A brace in the id would end the tag early, and keys of one id would lie on several nodes.
        return f"{self.prefix}:{{{kind}:{quote(id_, safe='', errors='surrogatepass')}}}:{name}"
