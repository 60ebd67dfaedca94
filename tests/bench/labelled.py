"""The held-out sentences that ways of finding don't-say claims are compared on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

CLAIMING = "asserts"
"""The stance of a sentence that makes a don't-say claim."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One sentence of a draft, with the sentences around it.

    `rows` are the guide rows whose don't-say it claims: none unless its stance is `CLAIMING`.
    """

    text: str
    before: str
    after: str
    stance: str
    rows: frozenset[int]

    @property
    def draft(self) -> str:
        """What is judged: the sentence as a draft of its own, in its context."""
        return " ".join(part for part in (self.before, self.text, self.after) if part)

    def holds(self, start: int, end: int) -> bool:
        """Whether the span of the draft, in code points, lies in the sentence or reaches into it."""
        own = len(self.before) + 1 if self.before else 0
        return start < own + len(self.text) and end > own


def read(lines: Iterable[str]) -> tuple[Labelled, ...]:
    """Reads one JSON object a line: `text`, `row`, `stance`, perhaps `before` and `after`.

    Lines of the same sentence become one: what claims two rows claims both of them, whatever else it does.
    """
    sentences: dict[tuple[str, str, str], Labelled] = {}
    for line in lines:
        record = json.loads(line)
        text, before, after, stance = (record.get(name) or "" for name in ("text", "before", "after", "stance"))
        known = sentences.get((text, before, after))
        sentences[text, before, after] = Labelled(
            text=text,
            before=before,
            after=after,
            stance=known.stance if known and known.stance == CLAIMING else stance,
            rows=(known.rows if known else frozenset()) | ({record["row"]} if stance == CLAIMING else frozenset()),
        )
    return tuple(sentences.values())
