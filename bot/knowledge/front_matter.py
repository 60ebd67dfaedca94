"""The settings of a lesson file: `name: value` lines in its front matter or in a comment before a table.

Every function raises `LessonError` for a setting that cannot be used.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from bot.core.lessons import Period
from bot.knowledge.faults import Fault, LessonError

PERIOD = ("effective_from", "effective_to")
FRONT_MATTER = ("title", "order", *PERIOD)


def read_settings(content: str, known: Sequence[str], where: Fault, *, first_line: int) -> Mapping[str, object]:
    """Reads `name: value` lines, the first of them on `first_line`; `where` names the block for faults."""
    import yaml

    try:
        loaded = yaml.safe_load(content) or {}
    except RecursionError as error:
        raise fault(where, "it is nested too deeply; write 'name: value' lines") from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        raise fault(where, problem, line=first_line + mark.line if mark else None) from error
    if not isinstance(loaded, dict):
        raise fault(where, "write 'name: value' lines")
    for name in loaded:
        if name not in known:
            raise fault(where, f"unknown setting {_shown(name)}; it takes {', '.join(known)}")
    return loaded


def fault(where: Fault, problem: str, *, line: int | None = None) -> LessonError:
    """Gives the fault of the block that `where` names, on its line or on `line`."""
    return LessonError(Fault(where.file, line or where.line, f"{where.message}: {problem}"))


def title(meta: Mapping[str, object], file: str) -> str:
    """Gives the title on one line, "" when there is none."""
    given = meta.get("title")
    if isinstance(given, list | dict):
        raise LessonError(Fault(file, 1, "front matter: title is no text; put quotation marks around it"))
    return "" if given is None else " ".join(str(given).split())


def order(meta: Mapping[str, object], file: str) -> int:
    """Gives the place among the lessons, 0 when there is none."""
    given = meta.get("order", 0)
    if not isinstance(given, int) or isinstance(given, bool):
        raise LessonError(Fault(file, 1, f"front matter: order is {_shown(given)}; write a whole number"))
    return given


def period(meta: Mapping[str, object], where: Fault) -> Period:
    """Gives the days in force; `where` names the block for faults."""
    first, last = (_day(meta, name, where) for name in PERIOD)
    if first and last and last < first:
        raise fault(where, f"effective_to {last} is before effective_from {first}")
    return Period(first, last)


def _shown(value: object) -> str:
    """A setting's value for a fault; a list may hold itself many times over, and is not written out."""
    return "a list" if isinstance(value, list | dict | set | tuple) else f"{value!r:.40}"


def _day(meta: Mapping[str, object], name: str, where: Fault) -> date | None:
    day = meta.get(name)
    if isinstance(day, datetime):
        return day.date()
    if day is None or isinstance(day, date):
        return day
    raise fault(where, f"{name} is {_shown(day)}; write a day as 2026-11-30")
