"""The folder of lessons, summed up as `coach knowledge check` does."""

import asyncio
from collections.abc import Sequence

from bot.beside import beside
from bot.channels.terminal.layout import counted
from bot.doctor.finding import Finding, State
from bot.knowledge.check import Problem, check_folder, errors
from bot.knowledge.library import FolderLibrary
from bot.settings import Settings

SUBJECT = "lessons"
MEND = "`coach knowledge check` says which, where, and how to mend it"


async def check(settings: Settings) -> Sequence[Finding]:
    """Says how many lessons there are, and what is wrong with the folder."""
    # Parsing a large folder holds up whatever else the thread does.
    there, in_force, problems = await beside(lambda: asyncio.run(_looked(FolderLibrary(settings.coach_knowledge_dir))))
    wrong = errors(problems)
    says = f"{counted(there, 'lesson')}, {in_force:,} in force, {counted(wrong, 'error')}, "
    says += counted(len(problems) - wrong, "warning")
    if not in_force:
        return [Finding(SUBJECT, State.PROBLEM, says, f"set COACH_KNOWLEDGE_DIR to a folder with lessons; {MEND}")]
    return [Finding(SUBJECT, State.PROBLEM if wrong else State.OK, says, MEND if problems else "")]


async def _looked(library: FolderLibrary) -> tuple[int, int, Sequence[Problem]]:
    problems = await check_folder(library)
    return len(await library.lessons()), len((await library.current()).lessons), problems
