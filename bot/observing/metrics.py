"""What this process counts, for Prometheus: attempts at messages, what came of them, calls to a model."""

from contextlib import AbstractContextManager, nullcontext

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot import __version__
from bot.core.observing import Attempted, Ending, ModelCall
from bot.core.replies import Answer, Fallback, Finding, Refused, Reply, Review
from bot.core.state import Leased
from bot.observing.bounded import OTHER, Bounded

LIMITS = ("person", "workspace")
MAX_ROWS = 300
MAX_MODELS = 20
SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 20, 45, 90, 180)
"""Bounds of how long people wait: a word at once, and the end of patience."""


class Metrics:
    """Counts. An `Observer`. No label has a value from outside, but for those that are bounded."""

    def __init__(self) -> None:
        # When each series began would double their number, and nothing asks for it.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        self._rows, self._models = Bounded(MAX_ROWS), Bounded(MAX_MODELS)
        Gauge("coach_build_info", "1; the program's version.", ["version"], registry=registry).labels(__version__).set(
            1
        )
        ProcessCollector(registry=registry)
        self._messages = Counter(
            "coach_messages",
            "Attempts at messages, by channel, kind of reply and how they ended.",
            ["channel", "kind", "ending"],
            registry=registry,
        )
        where = ["channel", "kind"]
        self._first_word = Histogram(
            "coach_first_word_seconds",
            "From when a message was taken to the first words of its reply.",
            where,
            buckets=SECONDS,
            registry=registry,
        )
        self._final_word = Histogram(
            "coach_final_word_seconds",
            "From when a message was taken to the end of its reply's delivery.",
            where,
            buckets=SECONDS,
            registry=registry,
        )
        self._answers = Counter(
            "coach_answers", "Answers, and whether the lessons cover them.", ["channel", "covered"], registry=registry
        )
        row = ["lesson", "row"]
        self._findings = Counter("coach_findings", "Sentences replaced, by guide row.", row, registry=registry)
        self._notes = Counter("coach_notes", "Claims not certain enough, by guide row.", row, registry=registry)
        self._fallbacks = Counter(
            "coach_fallbacks", "Replies that the lessons engine gave in Claude's place.", ["reason"], registry=registry
        )
        self._limited = Counter(
            "coach_limited",
            "Messages over a rate, by whose: a person's or a workspace's.",
            ["scope"],
            registry=registry,
        )
        # Told from the start: Prometheus does not see a series grow whose first value is 1.
        for reason in Fallback:
            self._fallbacks.labels(reason.value)
        for scope in LIMITS:
            self._limited.labels(scope)
        self._calls = Counter(
            "coach_model_calls", "Calls to a model, and what became of them.", ["model", "outcome"], registry=registry
        )
        self._call_seconds = Histogram(
            "coach_model_call_seconds", "How long calls took.", ["model"], buckets=SECONDS, registry=registry
        )
        self._call_first_word = Histogram(
            "coach_model_first_word_seconds",
            "From a call to its first words.",
            ["model"],
            buckets=SECONDS,
            registry=registry,
        )

    def around(self, leased: Leased) -> AbstractContextManager[None]:  # noqa: ARG002 - the port's signature
        """Nothing is counted before the end."""
        return nullcontext()

    def attempted(self, attempted: Attempted) -> None:
        """Counts an attempt and, once the message is answered, its reply."""
        channel, kind = attempted.message.channel, _kind(attempted.reply)
        self._messages.labels(channel, kind, attempted.ending.value).inc()
        if attempted.ending is not Ending.ANSWERED:
            return
        if attempted.first_word is not None:
            self._first_word.labels(channel, kind).observe(attempted.waited + attempted.first_word)
        self._final_word.labels(channel, kind).observe(attempted.waited + attempted.took)
        self._count(channel, attempted.reply)

    def called(self, call: ModelCall) -> None:
        """Counts a call."""
        (model,) = self._models.label(call.model)
        outcome = call.failure.value if call.failure else "whole" if call.stop_reason else "left"
        self._calls.labels(model, outcome).inc()
        self._call_seconds.labels(model).observe(call.seconds)
        if call.first_word is not None:
            self._call_first_word.labels(model).observe(call.first_word)

    def exposition(self) -> bytes:
        """Gives everything in Prometheus's text format."""
        return generate_latest(self._registry)

    def _count(self, channel: str, reply: Reply | None) -> None:
        match reply:
            case Answer():
                for covered in (True, False):
                    self._answers.labels(channel, str(covered).lower()).inc(covered == reply.covered)
            case Review():
                for finding in reply.findings:
                    self._findings.labels(*self._row(finding)).inc()
                for note in reply.notes:
                    self._notes.labels(*self._row(note)).inc()
            case Refused(limit=scope) if scope:
                self._limited.labels(scope).inc()
        if isinstance(reply, Answer | Review) and reply.fallback is not None:
            self._fallbacks.labels(reply.fallback.value).inc()

    def _row(self, finding: Finding) -> tuple[str, ...]:
        return self._rows.label(finding.row.lesson, str(finding.row.row))


def _kind(reply: Reply | None) -> str:
    return type(reply).__name__.lower() if reply is not None else OTHER
