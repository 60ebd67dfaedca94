"""`coach eval`: the shipped cases, scored against their bars."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from bot.channels.terminal.reading import InputError
from bot.commands.opening import Opener, Parts, require_lessons
from bot.commands.output import complain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from bot.evaluation.cases import Cases
    from bot.evaluation.report import Measure, Report

MAX_COMPLAINTS = 20
"""Faults of the case files that are told one by one."""
_STYLES = {"": "dim", "met": "", "below": "red"}


@click.command("eval")
@click.option("--json", "as_json", is_flag=True, help="Give every measure, failing case and reply as JSON.")
@click.pass_obj
def command(opener: Opener, as_json: bool) -> int:
    """Score the coach on the cases in the knowledge folder's evals/.

    The questions of questions.jsonl are asked, the drafts of drafts.jsonl reviewed and what they become reviewed
    again. Exit status 1 says that a measure is below its bar.
    """
    return asyncio.run(_evaluate(opener, as_json=as_json))


async def _evaluate(opener: Opener, *, as_json: bool) -> int:
    from bot.evaluation.loading import DRAFTS, FOLDER, QUESTIONS, CasesError, load_cases

    parts = opener()
    await require_lessons(parts)
    try:
        cases = load_cases(parts.library.folder, await parts.library.lessons())
    except CasesError as error:
        for fault in error.faults[:MAX_COMPLAINTS]:
            complain(str(fault))
        if len(error.faults) > MAX_COMPLAINTS:
            complain(f"{len(error.faults) - MAX_COMPLAINTS:,} more faults in the cases")
        return 2
    if not cases:
        raise InputError(
            f"{parts.library.folder / FOLDER}: no evaluation cases: write {QUESTIONS} or {DRAFTS} there, one a line"
        )
    report = await _scored(parts, cases)
    if as_json:
        from bot.commands.output import write_json
        from bot.evaluation.wire import report_json

        write_json(report_json(report))
    else:
        from bot.channels.terminal.console import Screen

        screen = Screen(sys.stdout)
        for part in _render(report, piped=screen.piped):
            screen.print(part)
    return 0 if report.met else 1


async def _scored(parts: Parts, cases: "Cases") -> "Report":
    """Runs the cases of the lessons in force; tells how far it is where somebody watches."""
    from bot.channels.terminal.console import Screen
    from bot.evaluation.report import report
    from bot.evaluation.running import CaseRefusedError, score_drafts, score_questions

    lessons = (await parts.library.current()).lessons
    scored = cases.of(frozenset(lesson.id for lesson in lessons))
    if len(scored) < len(cases):
        complain(f"{len(cases) - len(scored):,} of {len(cases):,} cases left out: their lesson is not in force")
    if not scored:
        raise InputError("no case is left to score")
    screen = Screen(sys.stderr)
    questions, drafts = [], []
    try:
        async for question in score_questions(parts.coach, scored.questions, lessons):
            questions.append(question)
            screen.status(f"Asked {len(questions)} of {len(scored.questions)} questions …")
        async for draft in score_drafts(parts.coach, scored.drafts):
            drafts.append(draft)
            screen.status(f"Reviewed {len(drafts)} of {len(scored.drafts)} drafts …")
    except CaseRefusedError as error:
        raise InputError(str(error)) from None
    finally:
        screen.clear_status()
    return report(questions, drafts)


def _render(report: "Report", *, piped: bool) -> "Iterator[RenderableType]":
    from rich.text import Text

    from bot.channels.terminal.escaping import one_line
    from bot.channels.terminal.render import Paragraph

    yield _table(report, piped=piped)
    for measure in report.measures:
        if measure.breakdown or not measure.failures:
            continue
        yield Text()
        style = "bold" if measure.met else "bold red"
        yield Text(f"{measure.group}, {measure.name}: {len(measure.failures)} against it", style=style)
        for failure in measure.failures:
            yield Paragraph(Text(one_line(f"{failure.case}: {failure.why}")), Text("  "))
    yield Text()
    below = sum(not measure.met for measure in report.measures)
    if below:
        yield Text(f"{below} {'measure is' if below == 1 else 'measures are'} below the bar.", style="bold red")
    else:
        yield Text("Every bar is met.", style="bold green")


def _table(report: "Report", *, piped: bool) -> "RenderableType":
    from rich import box
    from rich.table import Table
    from rich.text import Text

    from bot.channels.terminal.render import rows

    header = ("Measure", "Cases", "Share", "Bar", "")
    cells = [_cells(measure) for measure in report.measures]
    if piped:
        return rows(header, cells, piped=True)
    table = Table(box=box.SIMPLE_HEAD, header_style="bold")
    for name in header:
        table.add_column(name, justify="right" if name in ("Cases", "Share") else "left")
    for measure, line in zip(report.measures, cells, strict=True):
        table.add_row(*map(Text, line), style=_STYLES[_verdict(measure)])
    return table


def _cells(measure: "Measure") -> tuple[str, ...]:
    name = f"{measure.group}: {measure.name}"
    bar = "" if measure.bar is None else str(measure.bar)
    return (name, f"{measure.count} of {measure.of}", f"{measure.share:.0%}", bar, _verdict(measure))


def _verdict(measure: "Measure") -> str:
    if measure.bar is None:
        return ""
    return "met" if measure.met else "below"
