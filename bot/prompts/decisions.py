"""What an act comes to as things stand: an entry to append, nothing to do, or a refusal. Pure."""

from dataclasses import dataclass

from bot.core.admin_commands import ActivateVersion, RollBack
from bot.prompts.document import PromptDocument
from bot.prompts.entries import Activated, Evaluated, Published, RolledBack, Stamp, TrialEnded, TrialStarted
from bot.prompts.gate import regressed, regressions
from bot.prompts.refusal import Refusal
from bot.prompts.standing import Standing, Version

MAX_NOTE = 500
MAX_VERSIONS = 10_000
"""Published versions; how things stand is kept in memory and in snapshots."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """There is nothing to do; `summary` says in a sentence what is so already."""

    summary: str


def require_note(note: str, *, usage: str) -> str:
    """Gives the note on one line.

    Raises:
        Refusal: there is none, or it is too long.
    """
    note = " ".join(note.encode("utf-8", "replace").decode().split())
    if not note:
        raise Refusal(f"Say why, for the trail: {usage}")
    if len(note) > MAX_NOTE:
        raise Refusal(f"The reason has {len(note)} characters; at most {MAX_NOTE} are kept.")
    return note


def require_version(standing: Standing, number: int) -> Version:
    """Gives the version `number`.

    Raises:
        Refusal: there is none.
    """
    if version := standing.versions.get(number):
        return version
    if not standing.versions:
        raise Refusal("No version is published yet: coach prompts publish FILE --note REASON")
    raise Refusal(f"There is no version {number}; the newest is {max(standing.versions)}.")


def publication(standing: Standing, document: PromptDocument, stamp: Stamp) -> Published:
    """A new version with the next number.

    Raises:
        Refusal: the very same text is published already, or there are too many versions.
    """
    same = next((version for version in standing.versions.values() if version.digest == document.digest), None)
    if same:
        raise Refusal(f"Version {same.number} is this very text already: activate that one, or change the file.")
    return published(standing, document, stamp, least=1, file=None)


def file_publication(standing: Standing, name: str, document: PromptDocument, stamp: Stamp) -> Published | Unchanged:
    """The version of a file of the prompts folder: its number is the file's, or the next one if that is taken.

    Raises:
        Refusal: the file was published before with other words, or there are too many versions.
    """
    number = int(name.removesuffix(".md"))
    before = standing.from_file(name) or standing.versions.get(number)
    if before and before.digest == document.digest:
        return Unchanged(f"{name} is published as version {before.number}.")
    if before and before.file == name:
        raise Refusal(
            f"{name} differs from version {before.number}, which was published from it and never changes: put it "
            "back as it was, and save the new words in a file of the next free number"
        )
    return published(standing, document, stamp, least=number, file=name)


def published(standing: Standing, document: PromptDocument, stamp: Stamp, *, least: int, file: str | None) -> Published:
    """The entry of a new version.

    Raises:
        Refusal: there are too many versions.
    """
    if len(standing.versions) >= MAX_VERSIONS:
        raise Refusal(f"There are {MAX_VERSIONS:,} versions, which is as many as are kept.")
    return Published(
        stamp=stamp,
        version=max(least, max(standing.versions, default=0) + 1),
        source=document.source,
        digest=document.digest,
        model=document.model,
        max_tokens=document.max_tokens,
        effort=document.effort,
        file=file,
    )


def first_activation(standing: Standing, stamp: Stamp) -> Activated | Unchanged:
    """Makes the lowest version live when none is."""
    if standing.live is not None or not standing.versions:
        return Unchanged("A version is live.")
    return Activated(stamp=stamp, version=min(standing.versions), replaces=None)


def activation(
    standing: Standing, command: ActivateVersion, stamp: Stamp
) -> Activated | TrialStarted | TrialEnded | Unchanged:
    """Makes a version live, or tries it with a share of the people.

    Raises:
        Refusal: there is no such version, it cannot be tried, or the gate is closed and `force` is not given.
    """
    number = require_version(standing, command.number).number
    if command.share is not None:
        return _trial(standing, number, stamp, share=command.share, force=command.force)
    if standing.live == number:
        return _trial_end(standing, stamp) or Unchanged(f"Version {number} is live already. Nothing changed.")
    if not command.force:
        _require_gate(standing, number)
    return Activated(
        stamp=stamp,
        version=number,
        replaces=standing.live,
        forced=command.force,
    )


def _trial(standing: Standing, number: int, stamp: Stamp, *, share: int, force: bool) -> TrialStarted | Unchanged:
    if not 1 <= share <= 99:
        raise Refusal(f"A trial's share is 1 to 99 percent, not {share}; leave --share out to make it live for all.")
    if standing.live is None:
        raise Refusal("No version is live to try another beside: activate one without --share.")
    if standing.live == number:
        raise Refusal(f"Version {number} is the live one: try another version beside it.")
    if standing.trial and (standing.trial.version, standing.trial.share) == (number, share):
        return Unchanged(f"Version {number} has {share}% of the people already. Nothing changed.")
    if not force:
        _require_gate(standing, number)
    return TrialStarted(
        stamp=stamp,
        version=number,
        share=share,
        live=standing.live,
        forced=force,
    )


def rolling_back(standing: Standing, command: RollBack, stamp: Stamp) -> RolledBack | TrialEnded | Unchanged:
    """Ends the trial under way or else goes back, to the version that was live before or to the named one.

    Raises:
        Refusal: there is no such version, or none was live before.
    """
    if command.to is None and (ended := _trial_end(standing, stamp)):
        return ended
    number = standing.previous if command.to is None else require_version(standing, command.to).number
    if number is None or standing.live is None:
        raise Refusal("No other version was live before: there is nothing to go back to.")
    if number == standing.live:
        return _trial_end(standing, stamp) or Unchanged(f"Version {number} is live already. Nothing changed.")
    return RolledBack(stamp=stamp, version=number, replaces=standing.live)


def automatic_end(standing: Standing, trial: int, stamp: Stamp) -> TrialEnded | Unchanged:
    """Ends the trial that began at the position `trial`, if it is still under way."""
    if standing.trial is None or standing.trial.position != trial:
        return Unchanged("The trial has ended.")
    return _trial_end(standing, stamp) or Unchanged("The trial has ended.")


def evaluation(standing: Standing, entry: Evaluated) -> Evaluated:
    """Keeps what an evaluation of a version gave.

    Raises:
        Refusal: there is no such version.
    """
    require_version(standing, entry.version)
    return entry


def require_current(standing: Standing, seen: int) -> None:
    """Refuses a move that was decided on when less was known than now.

    Raises:
        Refusal: somebody has made a move since the trail had `seen` entries; the message says who and what.
    """
    if seen > standing.length:
        raise Refusal("Not done: these are other versions than you looked at. Look at `prompts` and decide anew.")
    last = standing.last_move
    if last and last.position > seen:
        raise Refusal(f"Not done: {last.by} {last.what} meanwhile. Look at `prompts` and decide anew.")


def _trial_end(standing: Standing, stamp: Stamp) -> TrialEnded | None:
    if standing.trial is None or standing.live is None:
        return None
    return TrialEnded(stamp=stamp, version=standing.trial.version, live=standing.live)


def _require_gate(standing: Standing, number: int) -> None:
    if standing.live is None:
        return
    candidate, live = standing.versions[number], standing.versions[standing.live]
    if cases := regressions(candidate, live):
        raise Refusal(f"{regressed(candidate, live, cases)} To activate it all the same, add --force and say why.")
