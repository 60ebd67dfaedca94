"""Whether a replacement says the message, all of it and in its order, and beside it only what the original may keep."""

from collections.abc import Sequence

from bot.core.lessons import GuideRow
from bot.phrasing.added import added_fault
from bot.phrasing.alignment import POINT_LINKS, Lost, align, is_content
from bot.phrasing.kept import Likeness, kept_words
from bot.phrasing.wording import Wording

_CONDITIONAL = frozenset("would could might".split())
_STANDING = frozenset("it they this that its their them your".split())
"""Pronouns of a message in whose place a name may stand."""
_OURS = frozenset("i we us our ours my".split())


def message_fault(after: Wording, before: Wording, rows: Sequence[GuideRow], likeness: Likeness) -> str | None:
    """Says in a few words what a replacement lacks of the rows' say, or says beside it, None if nothing."""
    kept = kept_words(after, before, rows, likeness)
    says = tuple(dict.fromkeys(row.say for row in rows))
    aligned = align(after, kept, says, conditional=not _CONDITIONAL.isdisjoint(before.forms))
    for lost in aligned.lost:
        if not _is_dispensable(lost, after):
            return f"it leaves out \u201c{lost.word.form}\u201d"
    if aligned.fused:
        return "it runs two points of the approved wording together"
    return added_fault(after, aligned.added, kept, before, rows)


def _is_dispensable(lost: Lost, after: Wording) -> bool:
    """Whether the message does without a word, or something is named in its place."""
    form = lost.word.form
    there = [after.words[i] for i in lost.instead]
    named = any(map(is_content, there)) and not (form == "your" and any(word.form in _OURS for word in there))
    taken_up = lost.previous in POINT_LINKS and form in ("it", "they")
    return form in ("a", "an", "the") or form in POINT_LINKS or taken_up or (form in _STANDING and named)
