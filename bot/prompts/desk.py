"""Does what admins command about versions, and tells them what they need to see before and after."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.core.admin_commands import (
    ActivateVersion,
    AdminCommand,
    DiffVersions,
    ListVersions,
    MoveCommand,
    PublishVersion,
    RollBack,
    ShowTrail,
    ShowVersion,
)
from bot.core.prompts import (
    Act,
    Evaluated,
    Figures,
    Moved,
    PromptReply,
    Proposed,
    Trail,
    VersionCard,
    VersionDiff,
    VersionList,
    VersionText,
)
from bot.core.replies import Refused
from bot.core.state import Counters
from bot.prompts import decisions
from bot.prompts.decisions import Unchanged
from bot.prompts.diff import compare
from bot.prompts.entries import Activated, Move, RolledBack, TrialEnded, TrialStarted
from bot.prompts.gate import cautions, regressed, regressions
from bot.prompts.history import History
from bot.prompts.prices import Prices
from bot.prompts.refusal import Refusal
from bot.prompts.registry import PromptRegistry
from bot.prompts.standing import Standing, Version
from bot.prompts.telling import outcome, trail_entry
from bot.prompts.usage import figures, version_group

PAGE = 20
"""Entries of the trail in one reply."""


class VersionDesk:
    """Answers admins. A store that is away is told by `StoreAwayError`."""

    def __init__(
        self,
        history: History,
        registry: PromptRegistry,
        counters: Counters,
        *,
        prices: Prices,
        now: Callable[[], datetime],
    ) -> None:
        self._history = history
        self._registry = registry
        self._counters = counters
        self._prices = prices
        self._now = now

    def is_admin(self, person: str) -> bool:
        """Whether `person` may."""
        return self._registry.is_admin(person)

    async def handle(
        self, command: AdminCommand, *, person: str, confirmed: int | None = None, act: str | None = None
    ) -> PromptReply | Refused:
        """Does what is commanded, or says why not; a move is proposed first and made once it is `confirmed`.

        What is commanded again under the same `act` is done once.
        """
        try:
            return await self._handle(command, person, confirmed, act)
        except Refusal as refusal:
            return Refused(str(refusal), denied=refusal.denied)

    async def told(self, position: int) -> Moved | Refused:
        """Tells the move at a position of the trail; refused when there is none."""
        for found, entry in await self._history.entries(before=position + 1, limit=1):
            if found == position and isinstance(entry, Activated | TrialStarted | TrialEnded | RolledBack):
                return _moved((entry, position))
        return Refused(f"Entry {position} of the trail is no move.")

    async def _handle(self, command: AdminCommand, person: str, confirmed: int | None, act: str | None) -> PromptReply:
        match command:
            case PublishVersion():
                return await self._publish(command, person, act)
            case ActivateVersion() | RollBack() if confirmed is None:
                return await self._propose(command, person)
            case ActivateVersion() | RollBack():
                return _moved(await self._registry.move(person, command, seen=confirmed, act=act))
        await self._registry.require_admin(person, "look at the versions")
        match command:
            case ListVersions():
                return await self._list()
            case ShowVersion():
                return await self._show(command.number)
            case DiffVersions():
                return await self._diff(command.old, command.new)
            case ShowTrail():
                return await self._log(command.before)

    async def _publish(self, command: PublishVersion, person: str, act: str | None) -> Moved:
        entry, position = await self._registry.publish(person, command.text, command.note, act=act)
        return Moved(
            entry=trail_entry(position, entry),
            summary=f"Version {entry.version} is published. It is not live: prompts activate {entry.version} REASON",
        )

    async def _propose(self, command: MoveCommand, person: str) -> Proposed | Moved:
        """What the move would come to as things stand, without making it."""
        move, standing = await self._registry.foresee(person, command)
        if isinstance(move, Unchanged):
            return _moved(move)
        live = standing.versions[standing.live] if standing.live is not None else None
        version = standing.versions[move.version]
        cards = await self._cards(standing, [version, *([live] if live else [])])
        warnings: list[str] = []
        if isinstance(move, Activated | TrialStarted):
            warnings += cautions(version, live)
        elif isinstance(move, RolledBack) and live and (cases := regressions(version, live)):
            warnings.append(regressed(version, live, cases))
        if standing.trial and not isinstance(move, TrialEnded) and standing.trial.version != move.version:
            warnings.append(f"The trial of version {standing.trial.version} ends with it.")
        return Proposed(
            act=Act(move.kind),
            version=cards[0],
            replaces=cards[1] if live and not isinstance(move, TrialStarted | TrialEnded) else None,
            share=move.share if isinstance(move, TrialStarted) else None,
            note=move.stamp.note,
            diff=await self._comparison(live, version) if live and not isinstance(move, TrialEnded) else None,
            warnings=tuple(warnings),
            position=standing.length,
            now=self._now(),
        )

    async def _list(self) -> VersionList:
        standing = await self._history.standing()
        newest_first = sorted(standing.versions.values(), key=lambda version: -version.number)
        return VersionList(versions=await self._cards(standing, newest_first), now=self._now())

    async def _show(self, number: int) -> VersionText:
        standing = await self._history.standing()
        version = decisions.require_version(standing, number)
        (card,) = await self._cards(standing, [version])
        return VersionText(card=card, text=(await self._history.publication(version)).source, now=self._now())

    async def _diff(self, old: int, new: int) -> VersionDiff:
        standing = await self._history.standing()
        return await self._comparison(
            decisions.require_version(standing, old), decisions.require_version(standing, new)
        )

    async def _log(self, before: int | None) -> Trail:
        entries = await self._history.entries(before=before, limit=PAGE)
        return Trail(
            entries=tuple(trail_entry(position, entry) for position, entry in entries),
            earlier=bool(entries) and entries[-1][0] > 1,
            now=self._now(),
        )

    async def _comparison(self, old: Version, new: Version) -> VersionDiff:
        before, after = await self._history.publication(old), await self._history.publication(new)
        return VersionDiff(old=old.number, new=new.number, lines=compare(before.source, after.source))

    async def _cards(self, standing: Standing, versions: Sequence[Version]) -> tuple[VersionCard, ...]:
        sums = await self._counters.read([version_group(version.number) for version in versions])
        return tuple(
            _card(standing, version, figures(counted, self._prices))
            for version, counted in zip(versions, sums, strict=True)
        )


def _card(standing: Standing, version: Version, did: Figures) -> VersionCard:
    trial = standing.trial if standing.trial and standing.trial.version == version.number else None
    evaluation = version.evaluation
    return VersionCard(
        number=version.number,
        live=standing.went_live if version.number == standing.live else None,
        share=trial.share if trial else None,
        at=version.at,
        by=version.by,
        note=version.note,
        digest=version.digest,
        model=version.model,
        effort=version.effort,
        max_tokens=version.max_tokens,
        figures=did,
        evaluated=Evaluated(
            passed=len(evaluation.passed), failed=evaluation.failed, engine=evaluation.engine, at=evaluation.at
        )
        if evaluation
        else None,
    )


def _moved(result: tuple[Move, int] | Unchanged) -> Moved:
    if isinstance(result, Unchanged):
        return Moved(entry=None, summary=result.summary)
    move, position = result
    return Moved(entry=trail_entry(position, move), summary=outcome(move))
