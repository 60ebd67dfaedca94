"""Wires the coach together; the only place that knows every part."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from bot.core.ask import Ask
from bot.core.coach import Coach
from bot.core.comments import Comments
from bot.core.forgetting import Forgetting
from bot.core.observing import Observer, Observers
from bot.core.open_reviews import KEPT_SECONDS, OpenReviews
from bot.core.pending_moves import PendingMoves
from bot.core.ports import ClaimFinder, Engine, Prompts, ReplacementCheck, Retriever, Splicer
from bot.core.rates import NO_LIMITS, RateLimits, Rates
from bot.core.review import ReviewDraft
from bot.core.state import Store, ThreadMemory
from bot.encoder.certainty import load_certainty
from bot.encoder.claim_encoder import ClaimEncoder
from bot.encoder.embedder import Embedder
from bot.encoder.judgement import load_judgement
from bot.encoder.reader import Reader
from bot.engines.claude.budget import Budget, Limits
from bot.engines.claude.calls import Calls, Server
from bot.engines.claude.clock import Times
from bot.engines.claude.engine import ClaudeEngine
from bot.engines.lessons import LessonsEngine
from bot.knowledge.library import FolderLibrary
from bot.knowledge.retrieval import HybridRetriever
from bot.knowledge.vectors import VectorCache
from bot.phrasing.examples_check import ExamplesCheck
from bot.phrasing.finding import GuideClaimFinder
from bot.phrasing.replacing import GuideReplacementCheck
from bot.phrasing.splicing import GuideSplicer
from bot.prompts.desk import VersionDesk
from bot.prompts.folder import publish_folder
from bot.prompts.history import History
from bot.prompts.prices import Prices
from bot.prompts.registry import PromptRegistry
from bot.prompts.serving import LiveVersions
from bot.settings import Settings
from bot.stores.opening import make_store

_MINUTE, _HOUR = 60.0, 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """The parts that front ends and commands talk to. `open` comes first, `close` last.

    `coach_of` makes a coach with other prompts and another memory, for an evaluation.
    """

    coach: Coach
    coach_of: Callable[[Prompts, ThreadMemory], Coach]
    library: FolderLibrary
    retriever: Retriever
    finder: ClaimFinder
    engine: Engine
    store: Store
    history: History
    registry: PromptRegistry
    desk: VersionDesk
    reviews: OpenReviews
    moves: PendingMoves
    comments: Comments
    prompts_dir: Path
    observers: Observers
    rates: Rates
    forgetting: Forgetting

    async def open(self) -> None:
        """Opens the store, publishes what is new in the prompts folder, and reads the live version.

        Raises:
            StoreAwayError: the store cannot be used.
            PromptFolderError: a prompt file cannot be used.
        """
        await self.store.open()
        await publish_folder(self.prompts_dir, self.registry)
        standing = await self.history.standing()
        if standing.live is not None:  # known from now on, should the store go away before the first message
            await self.history.prompt(standing.versions[standing.live])

    async def close(self) -> None:
        """Lets go of the store and of the engine's connections."""
        try:
            await self.engine.close()
        finally:
            await self.store.close()


def build(settings: Settings) -> App:
    """Builds the coach; weights, lessons and SDKs load at first use, the store when the app is opened."""
    observers = Observers()
    embedder = Embedder()
    finder = GuideClaimFinder(ClaimEncoder())
    store = make_store(
        settings.coach_data_dir,
        settings.redis_url.get_secret_value() if settings.redis_url else None,
        thread_seconds=settings.coach_keep_threads_hours * _HOUR,
        reply_seconds=settings.coach_keep_replies_minutes * _MINUTE,
    )
    retriever = HybridRetriever(
        embedder=embedder,
        vectors=VectorCache(embedder, settings.coach_data_dir / "vectors.sqlite3"),
        reader=Reader(),
        judgement=load_judgement(),
    )
    return assemble(
        library=FolderLibrary(settings.coach_knowledge_dir),
        retriever=retriever,
        finder=finder,
        splicer=GuideSplicer(),
        engine=_engine(settings, finder, embedder, store, observers),
        check=GuideReplacementCheck(embedder),
        store=store,
        prompts_dir=settings.coach_prompts_dir,
        admins=settings.coach_admins,
        prices=settings.coach_prices,
        observers=observers,
        limits=RateLimits(person=settings.coach_messages_a_minute_person, workspace=settings.coach_messages_a_minute),
        review_seconds=settings.coach_keep_reviews_hours * _HOUR,
    )


def examples_check() -> ExamplesCheck:
    """Gives what judges lessons' examples, by the weights that drafts are judged by."""
    return ExamplesCheck(ClaimEncoder(), load_certainty())


def _engine(settings: Settings, finder: ClaimFinder, embedder: Embedder, store: Store, observer: Observer) -> Engine:
    """Claude where there is a key, with the lessons engine behind it; else that alone."""
    if settings.anthropic_api_key is None:
        return LessonsEngine()
    server = Server(settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url)
    limits = Limits(workspace=settings.claude_tokens_a_day, person=settings.claude_tokens_a_day_person)
    return ClaudeEngine(
        calls=Calls(server, observer=observer),
        budget=Budget(store.counters, limits, today=lambda: _now().date()),
        finder=finder,
        embedder=embedder,
        instead=LessonsEngine(),
        times=Times(first=settings.claude_first_token_seconds, whole=settings.claude_answer_seconds),
        whole_tokens=settings.claude_whole_knowledge_tokens,
    )


def assemble(
    *,
    library: FolderLibrary,
    retriever: Retriever,
    finder: ClaimFinder,
    splicer: Splicer,
    engine: Engine,
    check: ReplacementCheck,
    store: Store,
    prompts_dir: Path,
    admins: frozenset[str],
    prices: Prices,
    observers: Observers,
    limits: RateLimits = NO_LIMITS,
    review_seconds: float = KEPT_SECONDS,
) -> App:
    """Puts the parts together."""
    history = History(store.log)
    registry = PromptRegistry(history, admins=admins, now=_now, new_id=_new_id)
    desk = VersionDesk(history, registry, store.counters, prices=prices, now=_now)
    forgetting = Forgetting(inbox=store.inbox, threads=store.threads, records=store.records, clock=time.time)

    rates = Rates(store.counters, limits, clock=time.time)
    observers.join(rates)

    def coach_of(prompts: Prompts, threads: ThreadMemory) -> Coach:
        return Coach(
            library=library,
            retriever=retriever,
            threads=threads,
            ask=Ask(library=library, retriever=retriever, engine=engine, threads=threads, prompts=prompts),
            review=ReviewDraft(
                library=library, finder=finder, splicer=splicer, engine=engine, check=check, prompts=prompts
            ),
            prompts=prompts,
            desk=desk,
            forgetting=forgetting,
        )

    return App(
        coach=coach_of(LiveVersions(history, registry, store.counters), store.threads),
        coach_of=coach_of,
        library=library,
        retriever=retriever,
        finder=finder,
        engine=engine,
        store=store,
        history=history,
        registry=registry,
        desk=desk,
        reviews=OpenReviews(store.records, store.log, now=_now, new_id=_new_id, keeps=review_seconds),
        moves=PendingMoves(store.records, desk, new_id=_new_id),
        comments=Comments(store.log, now=_now, new_id=_new_id),
        prompts_dir=prompts_dir,
        observers=observers,
        rates=rates,
        forgetting=forgetting,
    )


def _now() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return uuid4().hex
