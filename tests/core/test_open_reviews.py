"""What writers decide about a review: kept, shown as decided, and learnt from without a word of theirs."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.core.choices import Choice, Chosen, OpenReview
from bot.core.decisions import DECISIONS
from bot.core.messages import Incoming
from bot.core.open_reviews import CLOSED, KEPT_SECONDS, MAX_REASON, OpenReviews
from bot.core.replies import Forgotten, Refused, Review
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import LESSON, small_app
from tests.prompts.logs import LogThatGoesAway
from tests.prompts.replicas import Clock

ANN = "slack:T1/U1"
BOB = "slack:T1/U2"
FIRST, SECOND = "This roof never leaks.", "Our tiles last forever."
DRAFT = f"Dear \ud800Dana 🪵,\r\n\r\n{FIRST} {SECOND}\r\n\r\nGreetings"
TWO_CLAIMS = "This roof never leaks and our tiles last forever. Bye."
APPROVED = "This roof is guaranteed for ten years."
USE, KEEP, NOT_MEANT = Chosen(Choice.USE), Chosen(Choice.KEEP), Chosen(Choice.NOT_MEANT)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def app(tmp_path: Path, clock: Clock) -> AsyncIterator[App]:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roof-care.md").write_text(LESSON)
    app = small_app(tmp_path / "knowledge", store=SqliteStore(tmp_path / "coach.sqlite3", clock=clock))
    await app.open()
    yield app
    await app.close()


@pytest.fixture
def log(app: App) -> LogThatGoesAway:
    return LogThatGoesAway(app.store.log)


@pytest.fixture
def reviews(app: App, log: LogThatGoesAway, clock: Clock) -> OpenReviews:
    return made(app, log, clock)


def made(app: App, log: LogThatGoesAway, clock: Clock) -> OpenReviews:
    ids = iter(f"id-{number}" for number in range(1_000))
    return OpenReviews(app.store.records, log, now=clock.now, new_id=lambda: next(ids))


async def review_of(app: App, draft: str = DRAFT) -> Review:
    reply = await app.coach.reply(Incoming(id="draft", person=ANN, thread="c1", text=f"review {draft}"))
    assert isinstance(reply, Review)
    assert reply.draft == draft
    return reply


async def decided(reviews: OpenReviews, place: int, chosen: Chosen, *, may_show: bool = False) -> OpenReview:
    opened = await reviews.decide("m1", place, chosen, person=ANN, may_show=may_show)
    assert isinstance(opened, OpenReview)
    return opened


async def learnt(app: App) -> list[Mapping[str, Any]]:
    return [json.loads(line) for line in await app.store.log.read(DECISIONS, limit=1_000)]


async def test_a_review_comes_back_as_it_was_kept_lone_surrogates_and_all(app: App, reviews: OpenReviews) -> None:
    review = await review_of(app)
    assert await reviews.keep(review, "m1", person=ANN) == OpenReview(review, person=ANN)
    found = await reviews.find("m1")
    assert found == OpenReview(review, person=ANN)
    assert found
    assert found.rewritten == review.rewritten
    assert await reviews.find("m2") is None


async def test_a_review_that_is_kept_again_is_the_first_one_with_its_decisions(app: App, reviews: OpenReviews) -> None:
    review = await review_of(app)
    await reviews.keep(review, "m1", person=ANN)
    opened = await decided(reviews, 0, KEEP)
    assert await reviews.keep(await review_of(app, "Another draft."), "m1", person=ANN) == opened
    assert await reviews.find("m1") == opened


async def test_the_draft_follows_each_decision(app: App, reviews: OpenReviews) -> None:
    review = await review_of(app)
    await reviews.keep(review, "m1", person=ANN)
    one_kept = DRAFT.replace(SECOND, "Our tiles last sixty years.")
    for place, chosen, rewritten in (
        (0, KEEP, one_kept),
        (1, NOT_MEANT, DRAFT),
        (0, USE, DRAFT.replace(FIRST, APPROVED)),
        (1, USE, review.rewritten),
        (0, NOT_MEANT, one_kept),
    ):
        opened = await decided(reviews, place, chosen)
        assert opened.rewritten == rewritten
        assert opened.stands(place) == (chosen.choice is Choice.USE)
        assert await reviews.find("m1") == opened


async def test_a_decision_on_a_sentence_with_two_claims_is_learnt_for_both(app: App, reviews: OpenReviews) -> None:
    review = await review_of(app, TWO_CLAIMS)
    assert (len(review.findings), len(review.edits)) == (2, 1)
    await reviews.keep(review, "m1", person=ANN)
    opened = await decided(reviews, 0, NOT_MEANT)
    assert opened.findings(0) == review.findings
    assert opened.rewritten == TWO_CLAIMS
    assert [(entry["row"], entry["choice"]) for entry in await learnt(app)] == [(1, "not meant"), (2, "not meant")]
    assert len({entry["id"] for entry in await learnt(app)}) == 2


async def test_only_the_writer_decides(app: App, reviews: OpenReviews) -> None:
    kept = await reviews.keep(await review_of(app), "m1", person=ANN)
    for place in (0, 99):
        refused = await reviews.decide("m1", place, KEEP, person=BOB)
        assert isinstance(refused, Refused)
        assert refused.denied
    assert await reviews.find("m1") == kept
    assert not await learnt(app)


@pytest.mark.parametrize("place", [-1, 2, 10**9])
async def test_a_place_that_the_review_does_not_have_is_refused(app: App, reviews: OpenReviews, place: int) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    assert await reviews.decide("m1", place, KEEP, person=ANN) == CLOSED
    assert not await learnt(app)


async def test_a_review_stays_open_for_a_day_after_the_last_decision(
    app: App, reviews: OpenReviews, clock: Clock
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    clock.seconds += KEPT_SECONDS - 1
    await decided(reviews, 0, KEEP)
    clock.seconds += KEPT_SECONDS - 1
    assert await reviews.find("m1")
    clock.seconds += 2
    assert await reviews.find("m1") is None
    assert await reviews.decide("m1", 0, USE, person=ANN) == CLOSED
    assert await reviews.decide("m1", 0, USE, person=BOB) == CLOSED
    assert len(await learnt(app)) == 1


async def test_the_same_decision_twice_is_learnt_once_and_a_change_of_mind_again(
    app: App, reviews: OpenReviews
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    why = Chosen(Choice.KEEP, "it is true")
    assert await decided(reviews, 0, why) == await decided(reviews, 0, Chosen(Choice.KEEP, " it is\n true "))
    assert len(await learnt(app)) == 1
    await decided(reviews, 0, USE)
    await decided(reviews, 0, why)
    assert [entry["choice"] for entry in await learnt(app)] == ["keep", "use", "keep"]


async def test_a_double_click_that_two_replicas_take_is_learnt_once(
    app: App, reviews: OpenReviews, log: LogThatGoesAway, clock: Clock
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    other = made(app, log, clock)
    first, second = await asyncio.gather(decided(reviews, 0, KEEP), decided(other, 0, KEEP))
    assert first == second
    assert len(await learnt(app)) == 1


async def test_decisions_that_two_callers_take_at_once_all_stand_and_are_all_learnt(
    app: App, log: LogThatGoesAway, clock: Clock
) -> None:
    places = 8
    review = await review_of(app, " ".join([FIRST] * places))
    assert len(review.edits) == places
    callers = [made(app, log, clock), made(app, log, clock)]
    await callers[0].keep(review, "m1", person=ANN)
    await asyncio.gather(*(decided(callers[place % 2], place, NOT_MEANT) for place in range(places)))
    opened = await callers[0].find("m1")
    assert opened
    assert opened.chosen == dict.fromkeys(range(places), NOT_MEANT)
    assert opened.rewritten == review.draft
    assert len(await learnt(app)) == places


async def test_a_reason_is_one_line_of_bounded_length(app: App, reviews: OpenReviews) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    opened = await decided(reviews, 0, Chosen(Choice.KEEP, "\n  it is\r\n\ttrue \ud800\n"))
    assert opened.chosen[0].reason == "it is true \ud800"
    opened = await decided(reviews, 0, Chosen(Choice.KEEP, "long " * 100_000))
    assert len(opened.chosen[0].reason) <= MAX_REASON
    assert [len(entry["reason"].splitlines()) for entry in await learnt(app)] == [1, 1]


async def test_what_is_learnt_names_the_guides_row_and_neither_the_person_nor_the_draft(
    app: App, reviews: OpenReviews, clock: Clock
) -> None:
    review = await review_of(app)
    await reviews.keep(review, "m1", person=ANN)
    for chosen in (NOT_MEANT, Chosen(Choice.KEEP, "our words"), USE):
        await decided(reviews, 1, chosen)
    entries = await learnt(app)
    assert entries[1] == {
        "id": "id-2",
        "at": clock.now().isoformat().replace("+00:00", "Z"),
        "finding": entries[0]["finding"],
        "lesson": review.findings[1].row.lesson,
        "row": 2,
        "dont_say": "Our tiles last forever",
        "choice": "keep",
        "reason": "our words",
        "text": None,
        "prompt_version": 1,
        "engine": "lessons",
    }
    stream = "".join(await app.store.log.read(DECISIONS, limit=100))
    kept = await app.store.records.read("review:m1")
    assert kept
    mark = json.loads(kept.body)["mark"]
    assert mark == "id-0"
    assert not [word for word in (ANN, "U1", "m1", mark, "Dana", SECOND, "sixty", "Greetings") if word in stream]


async def test_decisions_about_one_finding_have_its_key_and_no_other_finding_has_it(
    app: App, reviews: OpenReviews
) -> None:
    for id_ in ("m1", "m2"):
        await reviews.keep(await review_of(app, f"{TWO_CLAIMS} {FIRST}"), id_, person=ANN)
        for chosen in (KEEP, USE):
            for place in (0, 1):
                await reviews.decide(id_, place, chosen, person=ANN)
    keys = [entry["finding"] for entry in await learnt(app)]
    assert (len(keys), len(set(keys))) == (12, 6)
    assert all(keys.count(key) == 2 for key in keys)


async def test_a_review_that_an_older_program_opened_is_decided_on_and_its_findings_are_nobody_elses(
    app: App, reviews: OpenReviews
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    kept = await app.store.records.read("review:m1")
    assert kept
    older = json.loads(kept.body)
    del older["mark"]
    for id_ in ("m2", "m3"):
        await app.store.records.write(f"review:{id_}", json.dumps(older), person=ANN, expected=0, lasts=60)
        await reviews.decide(id_, 0, KEEP, person=ANN)
    assert len({entry["finding"] for entry in await learnt(app)}) == 2


async def test_a_decision_sent_again_is_learnt_again_only_when_its_writer_agrees_for_the_first_time(
    app: App, reviews: OpenReviews
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    for may_show in (False, False, True, True, False, True):
        opened = await decided(reviews, 0, KEEP, may_show=may_show)
    assert opened.chosen[0] == Chosen(Choice.KEEP, may_show=True)
    assert [entry["text"] for entry in await learnt(app)] == [None, FIRST]
    for may_show in (True, True, False):
        await decided(reviews, 0, USE, may_show=may_show)
    await decided(reviews, 0, KEEP)
    assert [entry["text"] for entry in await learnt(app)] == [None, FIRST, None, None]


async def test_a_writer_who_sees_what_they_agreed_to_takes_it_back_by_not_agreeing_again(
    app: App, reviews: OpenReviews
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    for may_show in (True, True, False, False):
        opened = await reviews.decide("m1", 0, KEEP, person=ANN, may_show=may_show, withdraws=True)
        assert isinstance(opened, OpenReview)
        assert opened.chosen[0] == Chosen(Choice.KEEP, may_show=may_show)
    assert [entry["text"] for entry in await learnt(app)] == [FIRST, None]


@pytest.mark.parametrize(
    ("choice", "may_show", "shown"),
    [
        (Choice.KEEP, True, SECOND),
        (Choice.NOT_MEANT, True, SECOND),
        (Choice.USE, True, None),
        (Choice.KEEP, False, None),
        (Choice.NOT_MEANT, False, None),
    ],
)
async def test_the_sentence_is_learnt_only_where_its_writer_agrees_and_keeps_it(
    app: App, reviews: OpenReviews, choice: Choice, may_show: bool, shown: str | None
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    await decided(reviews, 1, Chosen(choice), may_show=may_show)
    assert [entry["text"] for entry in await learnt(app)] == [shown]


async def test_while_the_log_is_away_a_decision_stands_all_the_same(
    app: App, reviews: OpenReviews, log: LogThatGoesAway, caplog: pytest.LogCaptureFixture
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    log.away = True
    with caplog.at_level(logging.WARNING):
        opened = await decided(reviews, 0, KEEP)
    assert await reviews.find("m1") == opened
    assert "a decision could not be added to the log" in caplog.text
    log.away = False
    await decided(reviews, 1, KEEP)
    assert [entry["row"] for entry in await learnt(app)] == [2]


async def test_the_programs_own_log_holds_nothing_of_the_person_the_draft_or_the_reason(
    app: App, reviews: OpenReviews, log: LogThatGoesAway, caplog: pytest.LogCaptureFixture
) -> None:
    await reviews.keep(await review_of(app), "m1", person=ANN)
    log.away = True
    with caplog.at_level(logging.DEBUG):
        await decided(reviews, 0, Chosen(Choice.KEEP, "a private reason"), may_show=True)
    assert not [word for word in (ANN, "never leaks", "private") if word in caplog.text]


async def test_forget_me_erases_the_persons_open_reviews_and_nobody_elses(app: App, reviews: OpenReviews) -> None:
    review = await review_of(app)
    await reviews.keep(review, "m1", person=ANN)
    others = await reviews.keep(await review_of(app, TWO_CLAIMS), "m2", person=BOB)
    await decided(reviews, 0, KEEP)
    reply = await app.coach.reply(Incoming(id="f", person=ANN, thread="c1", text="forget me"))
    assert isinstance(reply, Forgotten)
    assert await reviews.find("m1") is None
    assert await reviews.decide("m1", 0, KEEP, person=ANN) == CLOSED
    assert await reviews.find("m2") == others
