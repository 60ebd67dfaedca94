"""What a sentence does with a claim that its words hold: assert, deny, ask, report or suppose it.

The reading is by general English cues (`bot.phrasing.cues`): negation and how far it reaches, frames before and after
the claim, who is said to speak, and the form of a question. A negation that the claim itself has ("you'll never go
down") is compared, not merely detected.
"""

from collections.abc import Sequence
from enum import StrEnum
from functools import cached_property

from bot.phrasing import cues
from bot.phrasing.wording import FUNCTION_WORDS, Wording

Pairs = Sequence[tuple[int, int]]
"""Places, in the sentence and in the claim, of the words that they share."""

_LOOKBACK = 220
"""Characters before and after the claim in which its frames are sought: frames are near."""

_WITHOUT_REACH = 4
"""Words that "without" reaches: "without a timestamp a signature does stay …"."""

_STRONG = frozenset(";()[]|.!?\N{EN DASH}\N{EM DASH}")


class Stance(StrEnum):
    """How a sentence stands to a claim."""

    ASSERTS = "asserts"
    DENIES = "denies"
    ASKS = "asks"
    REPORTED = "reported"
    SUPPOSES = "supposes"


class Reading:
    """A wording with what its stance is read from."""

    def __init__(self, wording: Wording) -> None:
        self.wording = wording

    @property
    def tape(self) -> str:
        """The forms with their punctuation levelled to `,` `:` `;` and `"`, one blank between any two."""
        return self._taped[0]

    def start_of(self, word: int) -> int:
        """Where a word starts in the tape."""
        return self._taped[1][word]

    def end_of(self, word: int) -> int:
        """Where a word ends in the tape."""
        return self.start_of(word) + len(self.wording.forms[word])

    @cached_property
    def _taped(self) -> tuple[str, tuple[int, ...]]:
        pieces: list[str] = []
        places = []
        length = 0
        for word in self.wording.words:
            for piece in (*_signs(word.gap), word.form):
                pieces.append(piece)
                length += len(piece) + 1
            places.append(length - len(word.form) - 1)
        if '"' in self.wording.tail:
            pieces.append('"')
        return " ".join(pieces), tuple(places)

    @cached_property
    def negators(self) -> tuple[int, ...]:
        """The words that turn a statement round; idioms and double negatives are left out."""
        forms = (*self.wording.forms, "")
        harmless = [found.span() for cue in (cues.HARMLESS, cues.CANCELLED) for found in cue.finditer(self.tape)]
        kept = []
        for i, form in enumerate(forms):
            if form not in cues.NEGATORS or forms[i + 1] != cues.NEGATOR_NEEDS.get(form, forms[i + 1]):
                continue
            place = self.start_of(i)
            answer = form == "no" and (forms[i + 1] == "" or self.tape.startswith("no ,", place))
            twin = form == "nor" and "neither" in forms[:i]
            if not answer and not twin and not any(start <= place < end for start, end in harmless):
                kept.append(i)
        return tuple(kept)

    def negated(self, claim: Sequence[int], *, restrictions: frozenset[str] = frozenset()) -> frozenset[int]:
        """Which of the claim's words stand under an odd number of negations.

        Args:
            claim: places of the words, ascending.
            restrictions: forms of the other wording; "not only" negates just when "only" is among them.
        """
        turned: set[int] = set()
        for clause in self.wording.clauses:
            inside = [word for word in claim if word in clause]
            if not inside:
                continue
            for negator in self.negators:
                if negator in clause and not self._adds(negator, restrictions):
                    turned ^= self._reached(negator, inside)
        return frozenset(turned)

    def follows_negator(self, word: int) -> bool:
        """Whether a negator stands before the word in its clause."""
        clause = next(clause for clause in self.wording.clauses if word in clause)
        return any(clause.start <= negator < word for negator in self.negators)

    def _adds(self, negator: int, restrictions: frozenset[str]) -> bool:
        found = cues.ONLY.match(self.tape, self.start_of(negator))
        return found is not None and found["only"] not in restrictions

    def _reached(self, negator: int, inside: Sequence[int]) -> set[int]:
        """The words of one clause that a negator turns: all, or for some negators those that follow.

        One that comes after the words is part of something else, unless it is the verb's ("… and … are not one").
        """
        form = self.wording.forms[negator]
        if negator > inside[-1] and (form != "not" or negator > inside[-1] + 2):
            return set()
        if form == "without":
            return {word for word in inside if negator < word <= negator + _WITHOUT_REACH}
        return {word for word in inside if form not in cues.FORWARD or word > negator}


def read_stance(sentence: Reading, claim: Reading, pairs: Pairs) -> Stance:
    """Reads how `sentence` stands to `claim`, whose words it holds at `pairs`.

    Without pairs (the claim is in other words) a frame anywhere in the sentence counts, and negation is compared
    over the whole of it.
    """
    forms = sentence.wording.forms
    if not forms:
        return Stance.ASSERTS
    content = sorted(i for i, _ in pairs if forms[i] not in FUNCTION_WORDS)
    first, last = (content[0], content[-1]) if content else (0, len(forms) - 1)
    start = sentence.start_of(first) if content else len(sentence.tape)
    end = sentence.end_of(last) if content else 0
    before = sentence.tape[max(0, start - _LOOKBACK) : start]
    after = sentence.tape[end : end + _LOOKBACK]
    around = sentence.tape[max(0, start - _LOOKBACK) : end + _LOOKBACK]
    if _takes_back(before, after, around, claim):
        return Stance.DENIES
    if _asks(sentence, last, before):
        return Stance.ASKS
    if is_turned(sentence, claim, pairs):
        return Stance.DENIES
    if _reports(before, after, around, claim):
        return Stance.REPORTED
    one_clause = any(first in clause and last in clause for clause in sentence.wording.clauses)
    if content and one_clause and "if" not in claim.wording.forms and cues.SUPPOSED.search(before):
        return Stance.SUPPOSES
    return Stance.ASSERTS


def may_assert(sentence: Reading, claim: Reading) -> bool:
    """Whether a sentence is neither a question nor a report nor an express denial, whatever its words.

    Negations are passed over: away from the claim's own words they say nothing ("there is no way around …").
    """
    tape = sentence.tape
    before, after = tape[-_LOOKBACK:], tape[:_LOOKBACK]
    last = len(sentence.wording.forms) - 1
    return last >= 0 and not (
        _takes_back(before, after, tape, claim) or _asks(sentence, last, before) or _reports(before, after, tape, claim)
    )


def _takes_back(before: str, after: str, around: str, claim: Reading) -> bool:
    """Whether a frame denies the claim; a cue that the claim has itself is none."""
    for cue in cues.DENIED_BEFORE:
        reaches = any(not cues.BREAK.search(before, found.end()) for found in cue.finditer(before))
        if reaches and not cue.search(claim.tape):
            return True
    if any(cue.search(after) and not cue.search(claim.tape) for cue in cues.DENIED_AFTER):
        return True
    return bool(cues.DENIED_ANYWHERE.search(around)) and not cues.DENIED_ANYWHERE.search(claim.tape)


def _asks(sentence: Reading, last: int, before: str) -> bool:
    """Whether the claim, which ends with the word `last`, stands in a neutral question."""
    if any(not cues.BREAK.search(before, found.end()) for found in cues.INDIRECT.finditer(before)):
        return True
    words, clauses = sentence.wording.words, sentence.wording.clauses
    if "?" not in sentence.wording.tail:
        return False
    opening = next((i for i in range(len(words) - 1, 0, -1) if "?" in words[i].gap), 0)
    question = sentence.tape[sentence.start_of(opening) :]
    if last < opening or cues.RHETORICAL.search(question) or cues.TAG.search(sentence.tape):
        return False
    clause = next(clause for clause in clauses if last in clause)
    if clause is clauses[-1] or clause.stop <= opening or cues.INVERTED.search(question):
        return True
    told = not cues.INVERTED.search(sentence.tape[sentence.start_of(clause.start) :])
    return not (told and cues.INVERTED.search(sentence.tape[sentence.start_of(clause.stop) :]))


def _reports(before: str, after: str, around: str, claim: Reading) -> bool:
    """Whether the claim is laid into somebody else's mouth and not endorsed."""
    if cues.ENDORSED.search(around):
        return False
    if any(not cues.BREAK.search(before, found.end()) for found in cues.REPORTED.finditer(before)):
        return True
    if _quotes(before, after) and '"' not in claim.tape:
        return True
    for found in cues.REPORTING.finditer(before):
        if not cues.BREAK.search(before, found.end()) and found[0] not in claim.wording.forms:
            subject = before[: found.start()]
            if _speaks_for_others(subject, found[0], after):
                return True
    said_after = cues.REPORTED_AFTER.search(after)
    return (
        said_after is not None
        and not cues.HOUSE.search(said_after[0])
        and not cues.OWN_SUBJECT.search(said_after[0].rpartition(" ")[0] + " ")
    )


def _quotes(before: str, after: str) -> bool:
    """Whether the claim stands in quotation marks inside a sentence that is not in the first person before it."""
    opened = cues.QUOTE_OPENS.search(before)
    if opened is None or '"' not in after:
        return False
    outside = before[: opened.start()]
    return bool((outside + after).strip(' ",;:')) and not cues.OWN.search(outside)


def _speaks_for_others(subject: str, verb: str, after: str) -> bool:
    """Whether the words before a reporting verb name another speaker than the rep's own side."""
    if cues.OWN_SUBJECT.search(subject):
        listening = verb in cues.HEARSAY and cues.LISTENING_SUBJECT.search(subject) is not None
        return listening and (verb in cues.ACTIVE_HEARSAY or cues.PASSIVE.search(f" {subject}") is not None)
    clause = subject[max(subject.rfind(" ;"), subject.rfind(" ,"), subject.rfind(" :")) + 1 :]
    if not clause.strip() or cues.ENDORSING_AS.search(clause) or cues.PLEASED.search(clause):
        return False
    return not cues.HOUSE.search(clause) or cues.DISTANCED.search(after) is not None


def is_turned(sentence: Reading, claim: Reading, pairs: Pairs) -> bool:
    """Whether one of the two denies what the other says.

    At least half of the shared words that a negation could turn are then negated in one of the two only. Those are the
    words after a negation in either: before it stand the subject and phrases that may be moved ("with this window, you
    don't need …"). When none stands there, all count.
    """
    if not pairs:
        return bool(sentence.negators) != bool(claim.negators)
    if claim.negators and cues.UNDONE.search(sentence.tape) and not cues.UNDONE.search(claim.tape):
        return True
    mine, its = sentence.wording.forms, claim.wording.forms
    content = [(i, j) for i, j in pairs if mine[i] not in FUNCTION_WORDS or its[j] not in FUNCTION_WORDS] or pairs
    shared = [(i, j) for i, j in content if sentence.follows_negator(i) or claim.follows_negator(j)] or content
    here = sentence.negated(sorted(i for i, _ in content), restrictions=frozenset(its))
    there = claim.negated(sorted(j for _, j in content))
    return sum((i in here) != (j in there) for i, j in shared) * 2 >= len(shared)


def _signs(gap: str) -> tuple[str, ...]:
    """The marks between two words as the tape has them; a closing quotation mark comes before the others."""
    stripped = gap.strip()
    quote = ('"',) if '"' in gap or stripped.startswith("'") or gap.endswith("'") else ()
    mark: tuple[str, ...] = tuple(sign for sign in ":," if sign in gap)[:1]
    if " - " in gap or not _STRONG.isdisjoint(gap):
        mark = (";",)
    return (*quote, *mark) if stripped[:1] in ('"', "'") else (*mark, *quote)
