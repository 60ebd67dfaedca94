"""Wires the coach together; the only place that knows every part."""

from dataclasses import dataclass

from bot.core.ask import Ask
from bot.core.coach import Coach
from bot.core.review import ReviewDraft
from bot.encoder.embedder import Embedder
from bot.encoder.judgement import load_judgement
from bot.encoder.reader import Reader
from bot.engines.lessons import LessonsEngine
from bot.knowledge.library import FolderLibrary
from bot.knowledge.retrieval import HybridRetriever
from bot.knowledge.vectors import VectorCache
from bot.phrasing.finding import GuideClaimFinder
from bot.settings import Settings
from bot.stores.threads import RecentThreads


@dataclass(frozen=True, slots=True)
class App:
    """The parts that front ends and commands talk to."""

    coach: Coach
    library: FolderLibrary
    retriever: HybridRetriever


def build(settings: Settings) -> App:
    """Builds the coach; weights and lessons load at first use."""
    library = FolderLibrary(settings.coach_knowledge_dir)
    embedder = Embedder()
    retriever = HybridRetriever(
        embedder=embedder,
        vectors=VectorCache(embedder, settings.coach_data_dir / "vectors.sqlite3"),
        reader=Reader(),
        judgement=load_judgement(),
    )
    threads = RecentThreads()
    engine = LessonsEngine()
    ask = Ask(library=library, retriever=retriever, engine=engine, threads=threads)
    review = ReviewDraft(library=library, finder=GuideClaimFinder(embedder), engine=engine)
    coach = Coach(library=library, retriever=retriever, threads=threads, ask=ask, review=review)
    return App(coach=coach, library=library, retriever=retriever)
