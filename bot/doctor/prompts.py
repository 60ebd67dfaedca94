"""The folder of prompt files, and which version is live."""

from collections.abc import Iterator, Mapping, Sequence

from bot.beside import beside
from bot.channels.terminal.layout import counted
from bot.doctor.examining import Once
from bot.doctor.finding import Finding, State
from bot.doctor.kept import Kept
from bot.prompts.document import PromptDocument
from bot.prompts.folder import PromptFolderError, read_folder
from bot.prompts.standing import Standing
from bot.settings import Settings

SUBJECT = "prompts"


async def check(settings: Settings, kept: Once[Kept | None]) -> Sequence[Finding]:
    """Says whether the files can be published, and what is live."""
    try:
        files = await beside(lambda: read_folder(settings.coach_prompts_dir))
    except PromptFolderError:
        says = "the folder COACH_PROMPTS_DIR, or a file in it, cannot be used, so the coach does not start"
        return [Finding(SUBJECT, State.PROBLEM, says, "`coach prompts list` names it, and says what is wrong with it")]
    held = await kept()
    if held is None:
        says = f"{counted(len(files), 'file')}; which version is live is not known: the store cannot be read"
        return [Finding(SUBJECT, State.UNSURE, says, "mend the store first")]
    return [*_folder(files, held.standing), _live(files, held.standing)]


def _folder(files: Mapping[str, PromptDocument], standing: Standing) -> Iterator[Finding]:
    changed = [
        name
        for name, document in files.items()
        if (version := standing.from_file(name)) and version.digest != document.digest
    ]
    if changed:
        says = f"changed since it was published, so the coach does not start: {', '.join(changed)}"
        mend = "put it back as it was, and save the new words in a file of the next free number"
        yield Finding(SUBJECT, State.PROBLEM, says, mend)
    new = sum(_is_new(name, document, standing) for name, document in files.items())
    more = f", {new:,} to be published at the next start" if new else ""
    says = f"{counted(len(files), 'file')}, {counted(len(standing.versions), 'version')} published{more}"
    yield Finding(SUBJECT, State.OK, says)


def _is_new(name: str, document: PromptDocument, standing: Standing) -> bool:
    """Whether a start publishes a file: one that neither is a version yet nor was published before it was changed."""
    before = standing.from_file(name) or standing.versions.get(int(name.removesuffix(".md")))
    return before is None or (before.digest != document.digest and before.file != name)


def _live(files: Mapping[str, PromptDocument], standing: Standing) -> Finding:
    if standing.live is None:
        if files or standing.versions:
            return Finding(SUBJECT, State.OK, "no version is live yet: the first start makes the lowest one live")
        mend = "set COACH_PROMPTS_DIR to a folder with 0001.md, or `coach prompts publish FILE --note REASON`"
        return Finding(SUBJECT, State.PROBLEM, "there is no version of the system prompt", mend)
    trial = f"; version {standing.trial.version} on trial with {standing.trial.share} %" if standing.trial else ""
    return Finding(SUBJECT, State.OK, f"version {standing.live} is live{trial}")
