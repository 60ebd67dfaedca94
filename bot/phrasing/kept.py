"""The clauses of the original that may stay beside the message: lead-ins, asides, what is about something else.

Of a sentence that makes a claim, the claim and whatever follows from it must go. A clause that stays does so word for
word, at the edge of a clause of the replacement.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

from bot.core.lessons import GuideRow
from bot.phrasing.alignment import is_content, stands_in
from bot.phrasing.promises import is_promise
from bot.phrasing.wording import FUNCTION_WORDS, Word, Wording, find_run, stem

_ASIDES = frozenset("as if when while since before after until who although though".split())
"""Openers of a clause that says when, why or by whom a thing is said."""
_FOLLOWING = frozenset("so because therefore thus hence thereby consequently which meaning letting saving then".split())
"""Words by which one thing is said to follow from another: what follows from a claim goes with it."""
_LINKS = frozenset("and but also or plus".split())
_REFERRING = frozenset(
    """it that this they these those them he she nobody none everybody everyone anybody anyone people nothing everything
    your yours you u ur""".split()
)
"""Subjects of a clause that goes on about the claim, or says what the buyer has of it."""
_BUYERS = frozenset("you your u ur yours".split())
_THINGS = frozenset(
    map(
        stem,
        """model bot assistant system tool platform software solution ai llm engine product app application agent
        machine server chatbot user clerk staff team answer result""".split(),
    )
)
"""Stems of what is sold and of who has the good of it: a clause about one of them is about the claim."""
_LEADING = frozenset("on about for regarding re to in at by with from per given my our here".split())
"""First words of a lead-in that tells what a message is about."""
_ASKED = frozenset("question questions point note remark request concern concerns comment message email".split())
"""What a lead-in that starts with "your" is about, if it only takes up what the buyer said."""
_SIMPLE = frozenset("simpl easi full whole best complet".split())
"""Stems that promise nothing in "my advice is simple:"."""
_TELLING = frozenset(
    """i we you think believe guess suppose hear heard note remember honestly frankly yes yeah sure well ok okay so
    that to say but and also hi hey hello thanks""".split()
)
"""Words of an opening about the telling, not about what is told."""
_VERBS = frozenset("is are was were be do does did can could may might will would shall should has have had".split())
_CLAIM_LIKE = 0.5
"""Cosine of a clause and a don't-say from which the clause may be the claim in other words."""
_MOST_CLAUSES = 40
_BREAKS = frozenset(",;:.?!()\u2014\u2013")

Likeness = Callable[[str, str], float]


def kept_words(after: Wording, before: Wording, rows: Sequence[GuideRow], likeness: Likeness) -> set[int]:
    """Gives the numbers of the words of `after` that are clauses of `before` which may stay.

    Args:
        after: the replacement.
        before: the original sentence.
        rows: the guide's rows that it is about.
        likeness: the cosine of two texts.
    """
    kept = set(range(_opening(after, before)))
    position = len(kept)
    for clause in _clauses(before, rows, likeness):
        forms = before.forms[clause.start : clause.stop]
        start = find_run(forms, after.forms, position)
        while start >= 0 and not _is_apart(after, start, start + len(forms)):
            start = find_run(forms, after.forms, start + 1)
        if start >= 0:
            position = start + len(forms)
            kept.update(range(start, position))
    return kept


def _opening(after: Wording, before: Wording) -> int:
    """How many words of telling both begin with: "I think that", "yes but"."""
    count = 0
    for one, other in zip(after.forms, before.forms, strict=False):
        if one != other or one not in _TELLING:
            break
        count += 1
    return count if any(form not in FUNCTION_WORDS for form in after.forms[:count]) else 0


def _clauses(before: Wording, rows: Sequence[GuideRow], likeness: Likeness) -> Iterator[range]:
    """The clauses that may stay: never all of them, nor the one that is most like the claim."""
    clauses = [clause for clause in before.clauses if any(map(is_content, before.words[clause.start : clause.stop]))]
    if not 1 < len(clauses) <= _MOST_CLAUSES:
        return
    near = [max((likeness(before.slice(clause), row.dont_say) for row in rows), default=1.0) for clause in clauses]
    follows = False
    for clause, like in zip(clauses, near, strict=True):
        words = before.words[clause.start : clause.stop]
        aside = words[0].form in _ASIDES
        leads = clause.stop < len(before.words) and ":" in before.words[clause.stop].gap
        follows = words[0].form in _FOLLOWING or (follows and ";" not in words[0].gap)
        is_claim = like >= (_CLAIM_LIKE if aside else min(max(near), _CLAIM_LIKE))
        if not follows and not is_claim and not _is_about_claim(words, before, rows, leads=leads):
            yield clause


def _is_about_claim(words: Sequence[Word], before: Wording, rows: Sequence[GuideRow], *, leads: bool) -> bool:
    """Whether a clause promises, has the claim's words, or tells of its subject or of what the buyer has of it."""
    forms = [word.form for word in words]
    if any(is_promise(word) and not (word.stem in _SIMPLE and forms[0] in _LEADING) for word in words):
        return True
    stems = {word.stem for word in words}
    own = [{word.stem for word in Wording(row.dont_say).words if is_content(word)} for row in rows]
    said = {word.stem for row in rows for word in Wording(row.say).words}
    if any(sum(stands_in(each, stems) for each in claim - said) > 1 for claim in own):
        return True
    asked = leads and forms[0] in _BUYERS and not _ASKED.isdisjoint(forms) and _VERBS.isdisjoint(forms)
    return forms[0] not in _LEADING and not asked and _subject_is_claims(words, before, said.union(*own))


def _subject_is_claims(words: Sequence[Word], before: Wording, told: Collection[str]) -> bool:
    """Whether a clause may tell what is sold or what the buyer has of it, by its subject."""
    aside = words[0].form in _ASIDES
    subject = next((word for word in words if word.form not in _LINKS | _ASIDES | {"the", "a", "an"}), words[0])
    if aside and subject.form in ("i", "we", "you", "u", "there"):
        return False
    if subject.form in _REFERRING and not (aside and subject.form in _BUYERS):
        return True
    if subject.form == "we":
        return any(word.form in _BUYERS or word.form in ("it", "them") for word in words)
    noun = next((word for word in words if is_content(word) and word.form not in _ASIDES), subject)
    named = before.text[noun.start].isupper() and noun is not words[0]
    return not named and subject.form != "i" and (noun.stem in _THINGS or stands_in(noun.stem, told))


def _is_apart(after: Wording, start: int, stop: int) -> bool:
    """Whether punctuation or a conjunction sets a run of words apart from what is around it."""
    first, words = after.words[start], after.words
    opens = start == 0 or not _BREAKS.isdisjoint(first.gap) or first.form in _ASIDES | _LINKS
    closes = stop == len(words) or not _BREAKS.isdisjoint(words[stop].gap) or words[stop].form in _ASIDES
    return opens and closes
