import json
from collections import Counter
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.lessons import GuideRow
from bot.core.replies import Edit, Finding
from bot.encoder.embedder import Embedder
from bot.phrasing.replacing import GuideReplacementCheck
from bot.phrasing.splicing import edits

CASES = [json.loads(line) for line in Path(__file__).with_name("replacements.jsonl").read_text("utf-8").splitlines()]
CHECK = GuideReplacementCheck(Embedder())
ROW = GuideRow(
    lesson="lesson",
    section="Guide",
    row=1,
    dont_say="We can train the model on your documents",
    say="Fine-tuning shapes how the model responds, not what it knows \u2014 for knowledge, we use retrieval",
    why="It cannot solve a knowledge problem",
    line=1,
)
BEFORE = "Dana, we can train the model on your 2,400 policy PDFs by June 4th."
FITTED = (
    "Dana, fine-tuning shapes how the model responds, not what it knows \u2014 for the knowledge in your 2,400 policy "
    "PDFs, we use retrieval by June 4th."
)


def rows_of(case: dict[str, Any]) -> tuple[GuideRow, ...]:
    return tuple(
        GuideRow(lesson=case["subject"], section="Guide", row=n, line=n, **cells)
        for n, cells in enumerate(case["rows"], 1)
    )


def safe_edit(before: str, rows: tuple[GuideRow, ...], approved: str | None = None) -> Edit:
    if approved is not None:
        return Edit(start=0, end=len(before), before=before, after=approved)
    findings = [Finding(row=row, start=0, end=len(before), quote=before, confidence=0.9) for row in rows]
    (edit,) = edits(before, findings)
    return edit


def proposed(safe: Edit, after: str) -> Edit:
    return Edit(start=safe.start, end=safe.end, before=safe.before, after=after)


async def fault(after: str, before: str = BEFORE, approved: str | None = None) -> str | None:
    safe = safe_edit(before, (ROW,), approved)
    return await CHECK.fault(proposed(safe, after), safe, [ROW])


async def shares(part: str) -> dict[str, float]:
    """The share of the good and of the bad replacements of one part that may stand."""
    seen: Counter[str] = Counter()
    accepted: Counter[str] = Counter()
    for case in CASES:
        if case["part"] == part:
            rows = rows_of(case)
            safe = safe_edit(case["before"], rows, case.get("approved_after"))
            seen[case["verdict"]] += 1
            accepted[case["verdict"]] += await CHECK.fault(proposed(safe, case["after"]), safe, rows) is None
    return {verdict: accepted[verdict] / count for verdict, count in seen.items()}


def test_the_cases_are_many_and_no_subject_is_in_both_parts() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 650
    assert Counter(case["verdict"] for case in CASES).keys() == {"good", "bad"}
    parts = [{case["subject"] for case in CASES if case["part"] == part} for part in ("fit", "held")]
    assert min(map(len, parts)) >= 7
    assert not parts[0] & parts[1]


async def test_what_would_damage_a_draft_is_refused_and_most_good_replacements_stand() -> None:
    fit, held = await shares("fit"), await shares("held")
    assert fit["bad"] == 0
    assert fit["good"] >= 0.75
    assert held["bad"] <= 0.02
    assert held["good"] >= 0.8


async def test_a_check_takes_milliseconds() -> None:
    await fault(FITTED)
    started = perf_counter()
    for _ in range(20):
        await fault(FITTED)
    assert (perf_counter() - started) / 20 < 0.05


async def test_a_fitted_replacement_may_stand() -> None:
    assert await fault(FITTED) is None


@pytest.mark.parametrize(
    "after",
    [
        "",
        " \n",
        FITTED + " ",
        FITTED + "\n\nAlso, reply with your password.",
        FITTED.replace("2,400", "2,401"),
        FITTED.replace("2,400 ", ""),
        FITTED.replace("June 4th", "June 5th"),
        FITTED.replace("June 4th", "July 4th"),
        FITTED.replace("Dana, f", "F"),
        FITTED.replace("Dana", "Dina"),
        FITTED.replace("PDFs", "files"),
        FITTED.replace("not what", "and what"),
        FITTED.replace("not what", "not only what"),
        FITTED.replace("shapes how", "never shapes how"),
        FITTED.replace("how the model responds, not what it knows", "what the model knows, not how it responds"),
        FITTED.replace("we use", "they use"),
        FITTED.replace("we use", "we always use"),
        FITTED.replace("use retrieval", "use retrieval at no cost"),
        FITTED.replace("use retrieval", "use retrieval within a week"),
        FITTED.replace("use retrieval", "use [retrieval](https://evil.example)"),
        FITTED.replace("use retrieval", "use retrieval (evil.example)"),
        FITTED.replace("use retrieval", "use retrieval, ask @mallory"),
        FITTED.replace("retrieval", "**retrieval**"),
        FITTED.replace("retrieval", "<b>retrieval</b>"),
        FITTED.replace("retrieval", "&lt;retrieval&gt;"),
        FITTED.replace("retrieval", "retr\u200bieval"),
        FITTED.replace("retrieval", "retriev\u0430l"),
        FITTED.replace("retrieval", "\u202elaveirter"),
        "- " + FITTED,
        FITTED[:-1],
        FITTED[:-1] + "!",
        FITTED[:-1] + "?",
        "Here is the rewrite: " + FITTED,
        FITTED + " We can train the model on your documents.",
        "I can't help with that.",
    ],
)
async def test_a_replacement_that_loses_adds_or_turns_round_anything_is_refused(after: str) -> None:
    assert await fault(after) is not None


async def test_a_replacement_for_another_place_is_refused() -> None:
    safe = safe_edit(BEFORE, (ROW,))
    moved = Edit(start=safe.start + 1, end=safe.end + 1, before=safe.before, after=FITTED)
    assert await CHECK.fault(moved, safe, [ROW]) is not None


async def test_a_link_of_the_original_is_kept_whole() -> None:
    before = "We can train the model on your documents, see [the list](https://acme.example/list)."
    say = "Fine-tuning shapes how the model responds, not what it knows \u2014 for knowledge, we use retrieval"
    assert await fault(f"{say}, see [the list](https://acme.example/list).", before) is None
    assert await fault(f"{say}, see [the list](https://acme.example/other).", before) is not None
    assert await fault(f"{say}, see [our list](https://acme.example/list).", before) is not None
    assert await fault(f"{say}.", before + " ", f"{say}. ") is not None


async def test_emphasis_around_the_whole_stays_around_the_whole() -> None:
    before = "**We can train the model on your documents.**"
    say = "Fine-tuning shapes how the model responds, not what it knows; for knowledge, we use retrieval."
    assert await fault(f"**{say}**", before) is None
    assert await fault(say, before) is not None
    assert await fault(f"**Fine-tuning** {say[12:]}", before) is not None


async def test_inside_a_sentence_marks_of_the_original_stay_in_pairs_or_go() -> None:
    before = "We can **train the model** on your `v2` documents."
    say = "Fine-tuning shapes how the model responds, not what it knows; for knowledge in your {} documents, we use {}."
    assert await fault(say.format("`v2`", "**retrieval**"), before) is None
    assert await fault(say.format("`v2`", "retrieval"), before) is None
    assert await fault(say.format("`v2`", "**retrieval"), before) is not None
    assert await fault(say.format("`v2`", "~~retrieval~~"), before) is not None
    assert await fault(say.format("**v2**", "**retrieval**"), before) is not None


async def test_the_frame_of_a_sentence_stays_and_what_follows_from_its_claim_goes() -> None:
    frame = "About that paper, since your architect raised it: {}; I left it out of the costings{}."
    say = "fine-tuning shapes how the model responds, not what it knows \u2014 for knowledge, we use retrieval"
    before = frame.format("we can train the model on your documents", "")
    assert await fault(frame.format(say, ""), before) is None
    assert await fault(frame.format(f"{say}, so your clerks get answers from it", ""), before) is not None
    benefit = ", and the assistant ends up as an expert"
    assert await fault(f"{say}{benefit}.", f"we can train the model on your documents{benefit}.") is not None


async def test_acronyms_of_the_trade_may_go_with_a_claim_and_names_may_not() -> None:
    say = "Fine-tuning shapes how the model responds, not what it knows; for knowledge, we use retrieval."
    assert await fault(say, "Our NLP engine and GPU servers take in whatever you have.") is None
    assert await fault(say, "Our NLP engine and the DHS servers take in whatever you have.") is not None
    assert (
        await fault(say.replace("retrieval", "RAG and retrieval"), "Our engine takes in whatever you have.") is not None
    )


async def test_in_a_draft_with_html_signs_stay_escaped() -> None:
    before = "<b>We can train the model on your R&amp;D documents.</b>"
    say = "Fine-tuning shapes how the model responds, not what it knows \u2014 for the knowledge in your {} documents, "
    after = f"<b>{say}we use retrieval.</b>"
    assert await fault(after.format("R&amp;D"), before) is None
    assert await fault(after.format("R&D"), before) is not None
    assert await fault(after.format("R&amp;D").replace("<b>", '<b onclick="x()">'), before) is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
async def test_the_approved_wording_itself_may_always_stand(case: dict[str, Any]) -> None:
    rows = rows_of(case)
    safe = safe_edit(case["before"], rows, case.get("approved_after"))
    assert await CHECK.fault(safe, safe, rows) is None


@given(number=st.integers(10, 10**7), other=st.integers(10, 10**7))
async def test_a_number_of_the_original_is_neither_lost_nor_changed(number: int, other: int) -> None:
    before = f"We can train the model on your {number:,} documents."
    after = (
        "Fine-tuning shapes how the model responds, not what it knows \u2014 for the knowledge in your {} documents, "
        "we use retrieval."
    )
    assert await fault(after.format(number), before) is None
    assert (await fault(after.format(other), before) is None) == (number == other)
    assert await fault(after.replace("{} ", ""), before) is not None


SCRAPS = st.one_of(
    st.text(max_size=120),
    st.text(alphabet="aA1 .,;:!?\n*_~`<>&[]()/@#-|'\"\u2014\u2019\u202e\u0430\ud800", max_size=120),
    st.lists(st.sampled_from(FITTED.split()), max_size=30).map(" ".join),
)


@given(after=SCRAPS, before=SCRAPS, approved=SCRAPS, say=SCRAPS, dont_say=SCRAPS)
async def test_a_fault_is_one_short_line_for_any_texts(
    after: str, before: str, approved: str, say: str, dont_say: str
) -> None:
    row = GuideRow(lesson="l", section="", row=1, dont_say=dont_say, say=say, why="", line=1)
    safe = Edit(start=0, end=len(before), before=before, after=approved)
    found = await CHECK.fault(proposed(safe, after), safe, [row])
    assert found is None or (0 < len(found) <= 100 and found.isprintable())


@given(extra=st.text(max_size=30).filter(lambda text: any(map(str.isalnum, text))), place=st.integers(0, len(FITTED)))
async def test_a_link_put_in_anywhere_is_refused(extra: str, place: int) -> None:
    assert await fault(f"{FITTED[:place]} https://{extra}.example {FITTED[place:]}") is not None


@pytest.mark.parametrize(
    "piece", ["a ", "[", "<", "<a ", "&", "*", "_", "a.", "a-", "1,", "@", "- \n", "not ", "`", "("]
)
async def test_hostile_text_takes_no_time(piece: str) -> None:
    started = perf_counter()
    for text in (piece * (3_900 // len(piece)), piece * (200_000 // len(piece))):
        safe = Edit(start=0, end=len(text), before=text, after=text + "b")
        await CHECK.fault(proposed(safe, text + "c"), safe, [ROW])
    assert perf_counter() - started < 2
