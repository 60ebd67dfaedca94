"""A report as plain JSON values, the shape of `coach eval --json`; without times, so that runs can be compared."""

from collections.abc import Mapping

from bot.evaluation.report import Measure, Report
from bot.evaluation.scoring import DraftScore, QuestionScore

Json = Mapping[str, object]


def report_json(report: Report) -> Json:
    """`{"met", "fell_back", "measures", "questions", "drafts"}`; `fell_back` counts cases, by reason too."""
    return {
        "met": report.met,
        "fell_back": {
            "count": sum(report.fallbacks.values()),
            "of": report.count,
            "reasons": {reason.value: count for reason, count in report.fallbacks.items()},
        },
        "measures": [measure_json(measure) for measure in report.measures],
        "questions": [question_json(score) for score in report.questions],
        "drafts": [draft_json(score) for score in report.drafts],
    }


def measure_json(measure: Measure) -> Json:
    """`{"group", "name", "count", "of", "share", "failing"}`, with a bar also "at_least" or "at_most" and "met"."""
    judged: dict[str, object] = {}
    if measure.bar is not None:
        judged = {"at_most" if measure.bar.at_most else "at_least": measure.bar.percent / 100, "met": measure.met}
    return {
        "group": measure.group.value,
        "name": measure.name,
        "count": measure.count,
        "of": measure.of,
        "share": round(measure.share, 4),
        **judged,
        "failing": [{"id": failure.case, "why": failure.why} for failure in measure.failures],
    }


def question_json(score: QuestionScore) -> Json:
    """`{"id", "kind", "form", "covered", "missing", "inexact", "words", "answer", …}`, "right" or "refused"."""
    passed = {"right": score.right} if score.case.must_include else {"refused": score.refused}
    return {
        "id": score.case.id,
        "kind": score.case.kind.value,
        "form": score.case.form.value,
        "covered": score.covered,
        **passed,
        "missing": [list(alternatives) for alternatives in score.missing],
        "inexact": list(score.inexact),
        "words": score.words,
        "answer": score.answer,
        "fallback": score.fallback and score.fallback.value,
    }


def draft_json(score: DraftScore) -> Json:
    """`{"id", "violations", "missed", "lost", "quoted", "beside", "again", "confined", "untouched", …}`."""
    return {
        "id": score.case.id,
        "violations": len(score.case.violations),
        "missed": [
            {"row": violation.row, "wording": violation.wording.value, "sentence": violation.sentence}
            for violation in score.missed
        ],
        "lost": list(score.lost),
        "quoted": list(score.quoted),
        "beside": list(score.beside),
        "again": list(score.again),
        "confined": score.confined,
        "untouched": score.untouched,
        "rewritten": score.rewritten,
        "fallback": score.fallback and score.fallback.value,
    }
