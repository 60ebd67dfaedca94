"""`coach eval`: the shipped cases, scored against their bars."""

import asyncio
import sys
from typing import TYPE_CHECKING

import click

from bot.channels.terminal.reading import InputError
from bot.commands.opening import Opener, ready
from bot.commands.output import complain
from bot.core.messages import LOCAL
from bot.stores.threads import RecentThreads

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType

    from bot.app import App
    from bot.core.coach import Coach
    from bot.core.lessons import Lesson
    from bot.evaluation.cases import Cases
    from bot.evaluation.report import Measure, Report

MAX_COMPLAINTS = 20
"""Faults of the case files that are told one by one."""
_STYLES = {"": "dim", "met": "", "below": "red"}


@click.command("eval")
@click.option(
    "--prompt", "number", type=click.IntRange(1), metavar="N", help="Evaluate version N and keep the result with it."
)
@click.option("--json", "as_json", is_flag=True, help="Give every measure, failing case and reply as JSON.")
@click.pass_obj
def command(opener: Opener, number: int | None, as_json: bool) -> int:
    """Score the coach on the cases in the knowledge folder's evals/.

    The questions of questions.jsonl are asked, the drafts of drafts.jsonl reviewed and what they become reviewed
    again. Exit status 1 says that a measure is below its bar. Without --prompt the live version is evaluated, and the
    result is not kept. Nor is one for which the lessons had to reply in Claude's place: it is not of the model.
    """
    return asyncio.run(_evaluate(opener, number, as_json=as_json))


async def _evaluate(opener: Opener, number: int | None, *, as_json: bool) -> int:
    from bot.prompts.refusal import Refusal

    async with ready(opener) as app:
        try:
            report = await _scored(app, number)
        except Refusal as refusal:
            raise InputError(str(refusal)) from None
    if report is None:
        return 2
    if as_json:
        from bot.commands.output import write_json
        from bot.evaluation.wire import report_json

        write_json(report_json(report))
    else:
        from bot.channels.terminal.console import Screen

        screen = Screen(sys.stdout)
        for part in _render(report, piped=screen.piped):
            screen.print(part)
    if report.outages:
        complain(_fell_back(report, number))
        if number is not None:
            return 2
    return 0 if report.met else 1


async def _scored(app: "App", number: int | None) -> "Report | None":
    """Puts the cases of the lessons in force to version `number`, and keeps what came of it with the version.

    It is not kept when a reply is not of the model that was to be evaluated. None when the case files are wrong, which
    is told.
    """
    if number is not None:
        await app.registry.require_admin(LOCAL, f"evaluate version {number}")
    from bot.prompts.pinned import pin

    version = await pin(app.history, number)
    cases = await _cases(app)
    if cases is None:
        return None
    lessons = (await app.library.current()).lessons
    report = await _run(app.coach_of(version, RecentThreads()), cases, lessons)
    if number is not None and not report.outages:
        await app.registry.keep_evaluation(
            LOCAL,
            number,
            engine=app.engine.name,
            basis=cases.digest(lessons),
            passed=report.passed,
            failed=report.failed,
        )
    return report


async def _cases(app: "App") -> "Cases | None":
    """The cases of the lessons in force; None when a case file is wrong, which is told."""
    from bot.evaluation.loading import DRAFTS, FOLDER, QUESTIONS, CasesError, load_cases

    try:
        cases = load_cases(app.library.folder, await app.library.lessons())
    except CasesError as error:
        for fault in error.faults[:MAX_COMPLAINTS]:
            complain(str(fault))
        if len(error.faults) > MAX_COMPLAINTS:
            complain(f"{len(error.faults) - MAX_COMPLAINTS:,} more faults in the cases")
        return None
    if not cases:
        raise InputError(
            f"{app.library.folder / FOLDER}: no evaluation cases: write {QUESTIONS} or {DRAFTS} there, one a line"
        )
    in_force = cases.of(frozenset(lesson.id for lesson in (await app.library.current()).lessons))
    if len(in_force) < len(cases):
        complain(f"{len(cases) - len(in_force):,} of {len(cases):,} cases left out: their lesson is not in force")
    if not in_force:
        raise InputError("no case is left to score")
    return in_force


async def _run(coach: "Coach", cases: "Cases", lessons: "Sequence[Lesson]") -> "Report":
    """Runs the cases; tells how far it is where somebody watches."""
    from bot.channels.terminal.console import Screen
    from bot.evaluation.report import report
    from bot.evaluation.running import CaseRefusedError, score_drafts, score_questions

    screen = Screen(sys.stderr)
    questions, drafts = [], []
    try:
        async for question in score_questions(coach, cases.questions, lessons):
            questions.append(question)
            screen.status(f"Asked {len(questions)} of {len(cases.questions)} questions …")
        async for draft in score_drafts(coach, cases.drafts):
            drafts.append(draft)
            screen.status(f"Reviewed {len(drafts)} of {len(cases.drafts)} drafts …")
    except CaseRefusedError as error:
        raise InputError(str(error)) from None
    finally:
        screen.clear_status()
    return report(questions, drafts)


def _fell_back(report: "Report", number: int | None) -> str:
    """Says that not every reply is the model's, and for which reason most of those are not."""
    from bot.channels.words import why

    most_often = next(iter(report.outages))
    told = (
        f"in {sum(report.outages.values()):,} of {report.count:,} cases the lessons replied in Claude's place, "
        f"so this is no evaluation of the model. Most often: {why(most_often)}"
    )
    return told if number is None else f"{told}. It is not kept with version {number}: try again"


def _render(report: "Report", *, piped: bool) -> "Iterator[RenderableType]":
    from rich.text import Text

    from bot.channels.terminal.escaping import one_line
    from bot.channels.terminal.layout import Paragraph

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

    from bot.channels.terminal.layout import rows

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
