"""Reads a lesson's examples, `knowledge/examples/<lesson>.jsonl`: sentences with the row and the stance they take."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.knowledge.faults import Fault

MAX_BYTES = 20_000_000
MAX_LINE = 20_000
ENOUGH = 20
"""Sentences that assert a row's claim from which the claim encoder learns the row by more than its table."""


class Stance(StrEnum):
    """What a sentence does with a don't-say claim."""

    ASSERTS = "asserts"
    DENIES = "denies"
    ASKS = "asks"
    REPORTED = "reported"
    APPROVED = "approved"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence as a rep might write it. `row` counts from 1 in the lesson's guide; None is no row's claim.

    `before` and `after` are the sentences beside it, "" for none. A sentence that makes two claims is two examples.
    """

    text: str
    row: int | None
    stance: Stance
    line: int
    before: str = ""
    after: str = ""

    @property
    def sentence(self) -> tuple[str, str, str]:
        """The sentence with those beside it: the same in the examples of one sentence that makes several claims."""
        return self.text, self.before, self.after


def examples_path(folder: Path, lesson: str) -> Path:
    """Where the examples of `lesson` are, if there are any."""
    return folder / "examples" / f"{lesson}.jsonl"


def parse_examples(raw: bytes, *, file: str, rows: int) -> Iterator[Example | Fault]:
    """Yields an example or a fault a line, for a lesson whose guide has `rows` rows; blank lines are passed over."""
    if len(raw) > MAX_BYTES:
        yield Fault(file, 1, f"the file has more than {MAX_BYTES:,} bytes: keep fewer examples")
        return
    for number, line in enumerate(raw.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            try:
                yield _example(line, number, rows=rows)
            except ValueError as error:
                yield Fault(file, number, str(error))


def asserting(examples: Iterable[Example]) -> Counter[int]:
    """Gives how many different sentences assert each row's claim."""
    sentences = {(one.row, one.sentence) for one in examples if one.row is not None and one.stance is Stance.ASSERTS}
    return Counter(row for row, _ in sentences)


def _example(line: bytes, number: int, *, rows: int) -> Example:
    """Reads one line; raises ValueError with what is wrong and how to mend it."""
    value = _object(line)
    text, row, stance = value.get("text"), value.get("row"), value.get("stance")
    if not isinstance(text, str) or not text.strip():
        raise ValueError('"text" is missing: write the sentence')
    if stance is None:
        raise ValueError(f'"stance" is missing: write one of {", ".join(Stance)}')
    if not isinstance(stance, str) or stance not in set(Stance):
        raise ValueError(f'"stance" is {stance!r:.40}: write one of {", ".join(Stance)}')
    if row is not None and (not isinstance(row, int) or isinstance(row, bool) or not 1 <= row <= rows):
        known = f"the guide has rows 1 to {rows}" if rows else "the lesson has no guide"
        raise ValueError(f'"row" is {row!r:.40}: {known}')
    if row is None and stance == Stance.ASSERTS:
        raise ValueError('"row" is missing: an example that asserts says which row\'s claim')
    before, after = (_beside(name, value.get(name)) for name in ("before", "after"))
    return Example(text=text, row=row, stance=Stance(stance), line=number, before=before, after=after)


def _beside(name: str, sentence: object) -> str:
    if sentence is None:
        return ""
    if not isinstance(sentence, str):
        raise ValueError(f'"{name}" is {sentence!r:.40}: write the sentence that stands {name} "text", or leave it out')
    return sentence


def _object(line: bytes) -> dict[str, object]:
    if len(line) > MAX_LINE:
        raise ValueError(f"the line has {len(line):,} bytes; at most {MAX_LINE:,} are read")
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8 text: save the file as UTF-8") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} (character {error.pos + 1})") from None
    except RecursionError:
        raise ValueError("not JSON that can be read: it is nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError('not an object: write {"text": "…", "row": 1, "stance": "asserts"}')
    return value
