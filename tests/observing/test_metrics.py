from collections.abc import Mapping
from dataclasses import replace

from prometheus_client.parser import text_string_to_metric_families

from bot.core.lessons import GuideRow
from bot.core.messages import Incoming
from bot.core.observing import Attempted, Ending, ModelCall
from bot.core.replies import Answer, EngineName, Fallback, Finding, Refused, Reply, Review
from bot.observing.metrics import MAX_MODELS, MAX_ROWS, Metrics

ANSWER = Answer(
    id="q",
    question="gutters?",
    text="Clear them.",
    covered=False,
    citations=(),
    closest=(),
    engine=EngineName.LESSONS,
    latency_ms=1.0,
    model=None,
    prompt_version=1,
    prompt_stale=False,
)
CALL = ModelCall(
    model="claude-x", max_tokens=9, address="a:1", began=1.0, seconds=2.0, first_word=0.3, stop_reason="end_turn"
)


def attempted(reply: Reply | None, *, ending: Ending = Ending.ANSWERED, waited: float = 0.0) -> Attempted:
    message = Incoming(id="q", person="slack:T1/U77", thread="t", text="marmalade", channel="slack")
    return Attempted(
        message=message, attempt=1, waited=waited, first_word=0.2, took=0.7, ending=ending, reply=reply, reason=""
    )


def review(*rows: GuideRow) -> Review:
    findings = tuple(Finding(row=row, start=0, end=1, quote="m", confidence=0.9) for row in rows)
    return Review(
        draft="m",
        findings=findings,
        notes=findings[:1],
        edits=(),
        rewritten="m",
        engine=EngineName.LESSONS,
        latency_ms=1.0,
        prompt_version=1,
        prompt_stale=False,
        fallback=Fallback.BUSY,
    )


def row(number: int) -> GuideRow:
    return GuideRow(lesson="roofs", section="", row=number, dont_say="a", say="b", why="c", line=1)


def samples(metrics: Metrics) -> Mapping[str, float]:
    return {
        sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(metrics.exposition().decode())
        for sample in family.samples
    }


def test_an_answer_is_counted_by_channel_kind_and_ending_with_its_times_from_when_it_was_taken() -> None:
    metrics = Metrics()
    metrics.attempted(attempted(ANSWER, waited=3.0))
    told = samples(metrics)
    assert told["coach_messages_total slack answered answer"] == 1
    assert told["coach_first_word_seconds_sum slack answer"] == 3.2
    assert told["coach_final_word_seconds_sum slack answer"] == 3.7
    assert (told["coach_answers_total slack false"], told["coach_answers_total slack true"]) == (1, 0)


def test_an_attempt_that_failed_is_counted_and_its_times_are_not() -> None:
    metrics = Metrics()
    metrics.attempted(attempted(None, ending=Ending.RETRIED))
    told = samples(metrics)
    assert told["coach_messages_total slack retried other"] == 1
    assert not [name for name in told if name.startswith(("coach_first_word", "coach_answers"))]


def test_findings_and_notes_are_counted_by_guide_row_and_fallbacks_by_reason() -> None:
    metrics = Metrics()
    metrics.attempted(attempted(review(row(3), row(3), row(4))))
    told = samples(metrics)
    assert told["coach_findings_total roofs 3"] == 2
    assert told["coach_findings_total roofs 4"] == 1
    assert told["coach_notes_total roofs 3"] == 1
    assert told["coach_fallbacks_total busy"] == 1


def test_a_message_over_a_rate_is_counted_by_whose_rate_it_is() -> None:
    metrics = Metrics()
    metrics.attempted(attempted(Refused("slower, please", limit="workspace")))
    metrics.attempted(attempted(Refused("empty")))
    told = samples(metrics)
    assert told["coach_limited_total workspace"] == 1
    assert told["coach_messages_total slack answered refused"] == 2


def test_calls_are_counted_by_model_and_what_became_of_them() -> None:
    metrics = Metrics()
    metrics.called(CALL)
    metrics.called(replace(CALL, failure=Fallback.SLOW))
    metrics.called(replace(CALL, stop_reason=None))
    told = samples(metrics)
    assert [told[f"coach_model_calls_total claude-x {outcome}"] for outcome in ("whole", "slow", "left")] == [1, 1, 1]
    assert told["coach_model_call_seconds_sum claude-x"] == 6


def test_what_may_go_wrong_is_told_from_the_start_so_that_its_first_time_is_seen() -> None:
    told = samples(Metrics())
    assert all(told[f"coach_fallbacks_total {reason.value}"] == 0 for reason in Fallback)
    assert (told["coach_limited_total person"], told["coach_limited_total workspace"]) == (0, 0)


def test_labels_stay_bounded_whatever_comes() -> None:
    metrics = Metrics()
    metrics.attempted(attempted(review(*map(row, range(MAX_ROWS + 50)))))
    for number in range(MAX_MODELS + 5):
        metrics.called(replace(CALL, model=f"model-{number}"))
    told = samples(metrics)
    assert len([name for name in told if name.startswith("coach_findings_total")]) == MAX_ROWS + 1
    assert told["coach_findings_total other other"] == 50
    assert told["coach_model_calls_total other whole"] == 5


def test_no_word_and_no_person_is_in_it() -> None:
    metrics = Metrics()
    metrics.attempted(attempted(review(row(1))))
    assert b"marmalade" not in metrics.exposition()
    assert b"U77" not in metrics.exposition()
