"""Decides whether a replacement that a model proposes may stand in a draft in the place of the approved wording.

Whoever wrote the draft may have got the model to write anything. So nothing is believed: a replacement stands only
where it has the approved wording's form, keeps the original's particulars, adds nothing and says the message. Each
check is strict where it is unsure, since a refusal costs fluency only.
"""

import asyncio
import html
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from bot.core.lessons import GuideRow
from bot.core.replies import Edit
from bot.phrasing.form import form_fault
from bot.phrasing.message import message_fault
from bot.phrasing.particulars import Particulars, particulars, without_addresses
from bot.phrasing.wording import Wording

if TYPE_CHECKING:
    from bot.encoder.embedder import Embedder

_LONGEST = 4_000
"""Characters of a text that is checked: no sentence has more, and comparing words takes quadratic time."""
_LONGEST_FAULT = 100

_TRADE = frozenset(
    """AI ML LLM LLMs NLP OCR RAG GPU GPUs CPU CPUs API APIs SDK IT SaaS PaaS IaaS MLOps DevOps VM VMs PDF PDFs CSV
    FAQ FAQs SOP SOPs""".split()
)
"""Acronyms of a trade, which name nobody's own: a claim that goes may take them along."""

_OPENING = re.compile(r"\A[^\W\d_](?=[^\W\d_]*[a-z]\s+[a-z])")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_LINKED = re.compile(r"\[([^\[\]\n]{0,500})\]\([^()\n]{0,20}\)")
"""A link of Markdown whose address is taken out."""
_MARKS = re.compile(r"[*~`|]+|(?<!\w)_+|_+(?!\w)")


class GuideReplacementCheck:
    """Checks what a model would put in the place of an approved wording."""

    def __init__(self, embedder: "Embedder") -> None:
        self._vector = lru_cache(maxsize=1_000)(lambda text: embedder.embed([text])[0])

    async def fault(self, edit: Edit, approved: Edit, rows: Sequence[GuideRow]) -> str | None:
        """Says in a few words why `edit` must not stand, None when it may.

        Args:
            edit: what is proposed.
            approved: the safe edit of the same place; it may always stand.
            rows: the guide rows that the edit is about.
        """
        if edit == approved:
            return None
        fault = await asyncio.to_thread(self._fault, edit, approved, rows)
        return fault and "".join(char if char.isprintable() else "?" for char in fault[:_LONGEST_FAULT])

    def loses(self, approved: Edit, rows: Sequence[GuideRow]) -> bool:
        """Whether the approved wording takes names, figures, dates or links away that are no part of the claim."""
        # A capital that only opens the sentence makes no name, and here a doubt is for the claim.
        before = _OPENING.sub(lambda opening: opening[0].lower(), approved.before)
        return bool(_beside_the_claim(before, approved, rows) - _read(approved.after, approved, rows).all)

    def _fault(self, edit: Edit, approved: Edit, rows: Sequence[GuideRow]) -> str | None:
        if max(len(text) for text in (edit.before, edit.after, approved.after)) > _LONGEST:
            return "it is too long to be checked"
        fault = form_fault(edit, approved, len(rows)) or _particulars_fault(edit, approved, rows)
        if fault:
            return fault
        return message_fault(Wording(_shown(edit.after)), Wording(_shown(edit.before)), rows, self._likeness)

    def _likeness(self, text: str, other: str) -> float:
        return float(self._vector(text) @ self._vector(other))


def _particulars_fault(edit: Edit, approved: Edit, rows: Sequence[GuideRow]) -> str | None:
    """Names a particular of the original that a replacement has lost, or one that it makes up; None without one.

    What stands in a row's don't-say is the claim's own and may go; what stands in its say must come.
    """
    before, safe, after = (_read(text, approved, rows) for text in (edit.before, approved.after, edit.after))
    claims = [_read(row.dont_say, approved, rows) for row in rows]
    for number in after.numbers:
        if "-" not in number and number not in safe.numbers and any(number in claim.numbers for claim in claims):
            return f"it keeps \u201c{number}\u201d of the claim"
    wanted = _beside_the_claim(edit.before, approved, rows) | safe.all
    for lost in wanted - after.all:
        return f"it loses \u201c{lost}\u201d"
    for made_up in after.all - (before.all + safe.all):
        return f"it brings in \u201c{made_up}\u201d"
    kept = [number for number in after.numbers if number in wanted and number not in safe.numbers]
    if kept != [number for number in before.numbers if number in kept and number not in safe.numbers]:
        return "it changes the order of the numbers"
    return None


def _beside_the_claim(before: str, approved: Edit, rows: Sequence[GuideRow]) -> Counter[str]:
    """The particulars of the original that are neither in a don't-say nor terms of the trade."""
    own = _read(before, approved, rows)
    trade = Counter({name: count for name, count in own.names.items() if name in _TRADE})
    claimed = sum((_read(row.dont_say, approved, rows).all for row in rows), Counter[str]())
    return own.all - claimed - trade


def _read(text: str, approved: Edit, rows: Sequence[GuideRow]) -> Particulars:
    """The particulars of a text; what stands uncapitalised in the place or in its rows is no name."""
    texts = (approved.before, approved.after, *(cell for row in rows for cell in (row.dont_say, row.say)))
    ordinary = {word.stem for cell in texts for word in Wording(cell).words if word.form == cell[word.start : word.end]}
    ordinary |= {Wording(row.say).words[0].stem for row in rows if Wording(row.say).words}
    return particulars(text, ordinary)


def _shown(text: str) -> str:
    """A text without tags, marks and link targets."""
    bare = _LINKED.sub(r"\1", without_addresses(text))
    return " ".join(_MARKS.sub("", html.unescape(_TAG.sub(" ", bare))).split())
