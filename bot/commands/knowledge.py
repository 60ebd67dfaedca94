"""`coach knowledge`: check the lessons, list them, try retrieval, see what writers say of the guide."""

import asyncio
import sys
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import click

from bot.channels.terminal.reading import InputError
from bot.commands.feedback import command as feedback
from bot.commands.opening import Opener, require_lessons
from bot.core.ask import MAX_QUESTION
from bot.core.lessons import Lesson
from bot.core.ports import Evidence, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from bot.app import App
    from bot.knowledge.check import Problem
    from bot.knowledge.library import FolderLibrary

MAX_SHOWN = 10
"""Hits that `search` shows."""


@click.group("knowledge", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Check the knowledge folder, list the lessons, try retrieval, see what writers say of the guide."""
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


command.add_command(feedback)


@command.command("check")
@click.option("--quick", is_flag=True, help="Do not judge the examples, which takes seconds for a thousand.")
@click.pass_obj
def check(opener: Opener, quick: bool) -> int:
    """Tell every problem of the knowledge folder: where it is and how to mend it.

    An error is something written that is not in force as it is meant; exit status 1 says that there is one. A
    warning is worth a look: among others, which guide rows have too few examples, which the claim finder has not
    learned yet, and which row's own examples fail. One fails when it asserts the row's claim and a draft with it
    would not be flagged for that, or when it does not and the draft would be.
    """
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.layout import counted, words
    from bot.knowledge.check import Severity

    library = opener().library
    folder, lessons = asyncio.run(_folder(library))
    screen = Screen(sys.stdout)
    told: Counter[Severity] = Counter()
    for problem in chain(folder, _examples(library, lessons, quick=quick)):
        told[problem.severity] += 1
        screen.print(words(str(problem), "red" if problem.severity is Severity.ERROR else "yellow"))
    counts = (counted(told[severity], severity.value) for severity in Severity)
    screen.print(f"{counted(len(lessons), 'lesson')}, {', '.join(counts)}.")
    return 1 if told[Severity.ERROR] else 0


async def _folder(library: "FolderLibrary") -> "tuple[Sequence[Problem], Sequence[Lesson]]":
    from bot.knowledge.check import check_folder

    return await check_folder(library), await library.lessons()


def _examples(library: "FolderLibrary", lessons: "Sequence[Lesson]", *, quick: bool) -> "Iterator[Problem]":
    """Yields what the claim finder makes of the lessons' examples; tells how far it is where somebody watches.

    It is no coroutine: Ctrl-C ends it between two sentences.
    """
    from bot.app import examples_check
    from bot.channels.terminal.console import Screen
    from bot.knowledge.check import examples_of
    from bot.knowledge.examples import examples_path

    check = examples_check()
    screen = Screen(sys.stderr)
    for lesson in lessons:
        file = str(examples_path(library.folder, lesson.id))
        examples = examples_of(library.folder, lesson)
        yield from check.unlearned(lesson, examples, file)
        in_force = lesson.on(library.today)
        if quick or not examples or not in_force or not in_force.guide:
            continue

        def tell(done: int, of: str = f"{len(examples):,} examples of {lesson.title}") -> None:
            screen.status(f"Judged {done:,} of {of} \N{HORIZONTAL ELLIPSIS}")

        tell(0)
        try:
            failing = list(check.failing(in_force.guide, examples, file, tell=tell))
        finally:
            screen.clear_status()  # before what failed is printed, on a screen that knows nothing of this line
        yield from failing


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Give the list as JSON.")
@click.pass_obj
def list_(opener: Opener, as_json: bool) -> int:
    """Show the lessons that are loaded, in force or not."""
    return asyncio.run(_list(opener, as_json=as_json))


async def _list(opener: Opener, *, as_json: bool) -> int:
    from bot.knowledge.check import period_words

    library = opener().library
    lessons = await library.lessons()
    if not lessons:
        faults = await library.faults()
        raise InputError(str(faults[0]) if faults else f"{library.folder}: no lessons: put Markdown files into it")
    today = library.today
    if as_json:
        from bot.commands.output import write_json

        listed = [
            {
                "id": lesson.id,
                "title": lesson.title,
                "file": str(library.folder / f"{lesson.id}.md"),
                "sections": list(lesson.sections),
                "passages": len(lesson.passages),
                "guide_rows": len(lesson.guide),
                "in_force": lesson.period.holds(today),
                "effective_from": lesson.period.first and lesson.period.first.isoformat(),
                "effective_to": lesson.period.last and lesson.period.last.isoformat(),
            }
            for lesson in lessons
        ]
        write_json({"lessons": listed})
        return 0
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.layout import rows

    screen = Screen(sys.stdout)
    header = ("Lesson", "Title", "Sections", "Passages", "Guide rows", "In force")
    cells = [(*_row(lesson), period_words(lesson.period, today)) for lesson in lessons]
    screen.print(rows(header, cells, piped=screen.piped))
    return 0


def _row(lesson: Lesson) -> tuple[str, ...]:
    counts = (len(lesson.sections), len(lesson.passages), len(lesson.guide))
    return (lesson.id, lesson.title, *map(str, counts))


@command.command("search", epilog=f"At most {MAX_QUESTION:,} characters; the {MAX_SHOWN} best lines are shown.")
@click.argument("words", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Give the lines as JSON.")
@click.pass_obj
def search(opener: Opener, words: tuple[str, ...], as_json: bool) -> int:
    """Show the lines of the lessons that retrieval finds for WORDS, with relevance (0 to 1) and place."""
    question = " ".join(words)
    if not question.strip() or len(question) > MAX_QUESTION:
        raise InputError(f"the words have {len(question):,} characters: write 1 to {MAX_QUESTION:,}")
    return asyncio.run(_search(opener, question, as_json=as_json))


async def _search(opener: Opener, question: str, *, as_json: bool) -> int:
    app = opener()
    await require_lessons(app)
    evidence = await app.retriever.search(question, await app.library.current())
    if as_json:
        from bot.commands.output import write_json

        write_json(_evidence_json(evidence, app))
        return 0
    from bot.channels.terminal.console import Screen
    from bot.channels.terminal.layout import Paragraph, words

    screen = Screen(sys.stdout)
    covered = "covered" if evidence.covered else "not covered"
    screen.print(words(f"{covered} ({evidence.coverage:.2f}): {evidence.question}", "bold"))
    for hit in evidence.hits[:MAX_SHOWN]:
        screen.print(words(f"{hit.relevance:.2f}  {_place(hit, app)}  {hit.passage.section}", "cyan"))
        screen.print(Paragraph(words(_line(hit)), words("      ")))
    return 0


def _evidence_json(evidence: Evidence, app: "App") -> dict[str, object]:
    return {
        "question": evidence.question,
        "covered": evidence.covered,
        "coverage": round(evidence.coverage, 3),
        "hits": [
            {
                "relevance": round(hit.relevance, 3),
                "lesson": hit.passage.lesson,
                "section": hit.passage.section,
                "row": hit.row.row if hit.row else None,
                "place": _place(hit, app),
                "text": _line(hit),
            }
            for hit in evidence.hits[:MAX_SHOWN]
        ],
    }


def _line(hit: Hit) -> str:
    return hit.passage.sentences[hit.sentence].text


def _place(hit: Hit, app: "App") -> str:
    line = hit.row.line if hit.row else hit.passage.sentences[hit.sentence].line
    return f"{app.library.folder / f'{hit.passage.lesson}.md'}:{line}"
