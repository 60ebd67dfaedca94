"""Reads the cases of a knowledge folder, `evals/questions.jsonl` and `evals/drafts.jsonl`: one JSON object a line."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import TypeAdapter, ValidationError

from bot.core.lessons import Lesson
from bot.evaluation.cases import Cases, DraftCase, QuestionCase
from bot.evaluation.quoting import is_exact
from bot.knowledge.faults import Fault
from bot.knowledge.library import read_source

FOLDER = "evals"
QUESTIONS = "questions.jsonl"
DRAFTS = "drafts.jsonl"
MAX_BYTES = 20_000_000
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

Case = TypeVar("Case", QuestionCase, DraftCase)


class CasesError(Exception):
    """Cases that cannot be scored; `faults` says why and where, file by file."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


def load_cases(folder: Path, lessons: Sequence[Lesson]) -> Cases:
    """Reads the cases in the knowledge folder `folder` and checks them against `lessons`.

    A file that is missing holds no cases.

    Raises:
        CasesError: a file cannot be read, or a line of it is no case of these lessons.
    """
    known = {lesson.id: lesson for lesson in lessons}
    questions = _Reading(folder / FOLDER / QUESTIONS, TypeAdapter(QuestionCase), known)
    drafts = _Reading(folder / FOLDER / DRAFTS, TypeAdapter(DraftCase), known)
    if faults := [*questions.faults, *drafts.faults]:
        raise CasesError(faults)
    return Cases(questions=tuple(questions.cases), drafts=tuple(drafts.cases))


class _Reading(Generic[Case]):
    """One file, read: its cases and what is wrong in it."""

    def __init__(self, path: Path, adapter: TypeAdapter[Case], lessons: Mapping[str, Lesson]) -> None:
        self.cases: list[Case] = []
        self.faults: list[Fault] = []
        first_lines: dict[str, int] = {}
        for number, line in self._lines(path):
            try:
                case = adapter.validate_json(line)
            except ValidationError as error:
                self.faults.append(Fault(str(path), number, _first_problem(error)))
                continue
            problems = list(_disagreements(case, lessons.get(case.lesson)))
            if (first := first_lines.setdefault(case.id, number)) != number:
                problems.append(f"the id {case.id!r:.60} is taken by line {first}")
            self.faults += [Fault(str(path), number, problem) for problem in problems]
            self.cases.append(case)

    def _lines(self, path: Path) -> Iterator[tuple[int, bytes]]:
        if not path.exists():
            return
        try:
            raw = read_source(path, most=MAX_BYTES)
        except OSError as error:
            self.faults.append(Fault(str(path), 1, f"cannot be read: {error.strerror}"))
            return
        if len(raw) > MAX_BYTES:
            self.faults.append(Fault(str(path), 1, f"more than {MAX_BYTES:,} bytes: keep fewer cases"))
            return
        for number, line in enumerate(raw.removeprefix(BYTE_ORDER_MARK).split(b"\n"), 1):
            if line.strip():
                yield number, line


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False)[0]
    if problem["type"] == "value_error":
        return str(problem["ctx"]["error"])
    where = ".".join(map(str, problem["loc"]))
    # The JSON parser counts lines within the one line it was given.
    message = problem["msg"].replace(" at line 1 column ", " at character ")
    return f"{where}: {message}" if where else message


def _disagreements(case: QuestionCase | DraftCase, lesson: Lesson | None) -> Iterator[str]:
    """Yields what a case says that its lesson does not bear out."""
    if lesson is None:
        yield f"there is no lesson {case.lesson!r:.60}"
    elif isinstance(case, QuestionCase):
        for quote in case.gold:
            if not is_exact(quote, lesson):
                yield f"gold: {quote!r:.60} is not a line of the lesson"
    else:
        for violation in case.violations:
            if not 1 <= violation.row <= len(lesson.guide):
                yield f"violations: there is no row {violation.row}; the lesson's guide has {len(lesson.guide)}"
