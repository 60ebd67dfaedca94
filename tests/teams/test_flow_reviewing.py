"""Reviews in a personal chat in Teams: every way to ask for one, every choice about it."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.teams.coaching import (
    ANA,
    BEN,
    DRAFT,
    REWRITTEN,
    STAMP,
    answered,
    asked,
    calls_to,
    chat_of,
    coaching,
    idle,
    person,
    said,
)
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.reviewing import CLOSED, FIRST_KEPT, SUMMARY, all_shown, decisions, review_of, rewritten
from tests.teams.serving import MODES, Served

VERBS = ("review.use", "review.keep", "review.unmeant")


# Ways in.


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("mode", MODES)
async def test_a_review_says_what_to_say_instead_and_why_and_gives_the_draft_to_copy(tmp_path: Path, mode: str) -> None:
    settings = Settings(stream_interval=0.0)
    async with Teams(signed=mode == "app", settings=settings) as teams, coaching(teams, tmp_path, mode) as coached:
        (review,) = await review_of(coached)
        asks = ["[Use this]", "[Keep mine]", "Why do they stay?"]
        asks += ["☐ My words may be shown to the guide's owner with this", "[Keep mine]", "[Not what I meant]"]
        assert review.plain.splitlines() == [
            SUMMARY,
            "1. You wrote",
            "Our tiles last forever.",
            "Say instead",
            "Our tiles last sixty years.",
            "Why it matters",
            "The warranty says sixty",
            *asks,
            "2. You wrote",
            "This roof never leaks.",
            "Say instead",
            "This roof is guaranteed for ten years.",
            "Why it matters",
            "No roof never leaks",
            *asks,
            "Rewritten draft",
            *REWRITTEN.splitlines(),
            STAMP,
        ]
        assert rewritten(coached) == REWRITTEN
        assert (review.generated, review.feedback, review.links) == (True, False, ())
        assert [each.text for each in teams.statuses] == ["Reading the draft …"]
        assert [call.operation for call in teams.calls] == ["stream", "final"]


@pytest.mark.parametrize("before", ["", "review ", "Review: ", "review this draft:\n", "/review "])
async def test_what_is_a_draft_is_reviewed(coached: Served, before: str) -> None:
    await answered(coached, ANA, chat_of(coached), f"{before}{DRAFT}")
    assert rewritten(coached) == REWRITTEN


async def test_a_draft_is_read_with_the_lines_that_its_formatting_has(coached: Served) -> None:
    lines = "<p>review</p><p>Hi Dana,</p><p>&nbsp;</p><p>Our <b>tiles</b> last forever.</p>"
    html = f"{lines}<ul><li>one &amp; two</li></ul><p>Ann</p>"
    await coached.teams.say(ANA, chat_of(coached), "review Hi Dana, Our tiles last forever. Ann", html=html)
    await idle(coached)
    assert rewritten(coached) == "Hi Dana,\n\nOur tiles last sixty years.\n- one & two\nAnn"


async def test_a_draft_without_claims_is_told_so(coached: Served) -> None:
    (review,) = await review_of(coached, "See you on Monday.")
    assert review.plain.startswith("Nothing to change: the draft makes no claim")
    assert review.plain.endswith(STAMP)
    assert review.buttons == []


async def test_what_is_not_certain_is_shown_and_left_as_it_is(coached: Served) -> None:
    (review,) = await review_of(coached, "Is it true that our tiles last forever?")
    assert review.plain.startswith("Nothing surely to change.")
    assert "Is it true that our tiles last forever?" in review.plain
    assert "The guide would say" in review.plain
    assert review.buttons == []


async def test_review_without_a_draft_asks_for_one(coached: Served) -> None:
    assert "draft is empty" in (await answered(coached, ANA, chat_of(coached), "review")).plain


async def test_a_draft_that_is_delivered_again_is_reviewed_once(coached: Served) -> None:
    chat = chat_of(coached)
    id_, _ = await asked(coached, ANA, chat, DRAFT)
    await coached.teams.redeliver(id_)
    await idle(coached)
    assert len(said(coached.teams, ANA, chat)) == 1


# Choices.


async def test_words_that_were_not_meant_stay_and_the_draft_follows(coached: Served) -> None:
    teams, chat = coached.teams, chat_of(coached)
    (review,) = await review_of(coached)
    assert (await teams.press(ANA, review.id, "review.unmeant", data={"place": 0})).status == 200
    (shown,) = said(teams, ANA, chat)
    assert "Not what you meant: your words stay." in shown.plain
    assert "[✓ Not what I meant]" in shown.plain
    assert rewritten(coached) == FIRST_KEPT
    await all_shown(coached, review)
    assert rewritten(coached) == FIRST_KEPT
    assert [each.id for each in said(teams, ANA, chat)] == [review.id], "it follows in its place"
    (entry,) = await decisions(coached)
    assert (entry["choice"], entry["lesson"], entry["row"], entry["text"]) == ("not meant", "roofs", 2, None)
    assert teams.failures == []


async def test_a_writer_can_change_their_mind_as_often_as_they_like(coached: Served) -> None:
    teams, chat = coached.teams, chat_of(coached)
    (review,) = await review_of(coached)
    for verb, outcome, words in [
        ("review.unmeant", FIRST_KEPT, "Not what you meant"),
        ("review.use", REWRITTEN, "You use these words."),
        ("review.keep", FIRST_KEPT, "You keep your words."),
        ("review.use", REWRITTEN, "You use these words."),
    ]:
        await teams.press(ANA, review.id, verb, data={"place": 0})
        (shown,) = said(teams, ANA, chat)
        assert words in shown.plain
        assert rewritten(coached) == outcome
    assert [entry["choice"] for entry in await decisions(coached)] == ["not meant", "use", "keep", "use"]
    await all_shown(coached, review)


async def test_the_same_choice_twice_is_one(coached: Served) -> None:
    (review,) = await review_of(coached)
    for _ in range(3):
        await coached.teams.press(ANA, review.id, "review.unmeant", data={"place": 1})
    assert "This roof never leaks." in rewritten(coached)
    assert len(await decisions(coached)) == 1


@pytest.mark.parametrize("shown", ["true", "false"])
async def test_a_reason_is_kept_without_its_writer_and_the_words_only_if_they_agree(
    coached: Served, shown: str
) -> None:
    teams = coached.teams
    (review,) = await review_of(coached)
    inputs = {"reason0": "They are  \n guaranteed", "show0": shown}
    await teams.press(ANA, review.id, "review.keep", inputs, {"place": 0})
    (kept,) = said(teams, ANA, chat_of(coached))
    assert "You keep your words: They are guaranteed" in kept.plain
    assert rewritten(coached) == FIRST_KEPT
    (entry,) = await decisions(coached)
    assert {key: entry[key] for key in ("choice", "reason", "text", "lesson", "row", "prompt_version")} == {
        "choice": "keep",
        "reason": "They are guaranteed",
        "text": "Our tiles last forever." if shown == "true" else None,
        "lesson": "roofs",
        "row": 2,
        "prompt_version": 1,
    }
    assert person(ANA) not in json.dumps(entry)


async def test_a_reason_belongs_to_the_words_that_it_was_written_below(coached: Served) -> None:
    (review,) = await review_of(coached)
    await coached.teams.press(ANA, review.id, "review.keep", {"reason1": "Dana asked"}, {"place": 1})
    await coached.teams.press(ANA, review.id, "review.keep", {"reason0": "a quote"}, {"place": 0})
    reasons = {entry["row"]: entry["reason"] for entry in await decisions(coached)}
    assert reasons == {1: "Dana asked", 2: "a quote"}


async def test_two_presses_at_once_are_both_taken_and_both_shown(coached: Served) -> None:
    teams = coached.teams
    (review,) = await review_of(coached)
    await asyncio.gather(*(teams.press(ANA, review.id, "review.unmeant", data={"place": place}) for place in (0, 1)))
    assert sorted(entry["row"] for entry in await decisions(coached)) == [1, 2]
    await teams.until(lambda: rewritten(coached) == DRAFT)
    (shown,) = said(teams, ANA, chat_of(coached))
    assert shown.plain.count("Not what you meant: your words stay.") == 2
    assert teams.failures == []


async def test_two_opposite_presses_at_once_end_as_one_of_them(coached: Served) -> None:
    teams, chat = coached.teams, chat_of(coached)
    id_, (review,) = await asked(coached, ANA, chat, DRAFT)
    verbs = ("review.unmeant", "review.use") * 2
    await asyncio.gather(*(teams.press(ANA, review.id, verb, data={"place": 0}) for verb in verbs))
    opened = await coached.app.reviews.find(f"{person(ANA).partition('/')[0]}/{chat}/{id_}")
    assert opened
    await teams.until(lambda: rewritten(coached) == opened.rewritten)
    words = "You use these words." if opened.stands(0) else "Not what you meant"
    assert words in said(teams, ANA, chat)[0].plain


async def test_a_choice_that_is_shown_late_does_not_hide_a_later_one(coached: Served) -> None:
    teams = coached.teams
    (review,) = await review_of(coached)
    teams.fail("update", hang=0.3)
    for place in (0, 1):
        await teams.press(ANA, review.id, "review.unmeant", data={"place": place})
    await teams.until(lambda: len(calls_to(coached, "update")) >= 3)
    await teams.until(lambda: rewritten(coached) == DRAFT)
    assert said(teams, ANA, chat_of(coached))[0].plain.count("Not what you meant: your words stay.") == 2


async def test_a_choice_is_answered_although_its_message_cannot_be_changed(coached: Served) -> None:
    (review,) = await review_of(coached)
    coached.teams.fail("update", 5, status=403)
    await coached.teams.press(ANA, review.id, "review.unmeant", data={"place": 0})
    await coached.teams.until(lambda: calls_to(coached, "update"))
    assert rewritten(coached) == FIRST_KEPT
    assert coached.teams.failures == []


@pytest.mark.parametrize("verb", VERBS)
async def test_another_person_decides_nothing_and_is_shown_nothing(coached: Served, verb: str) -> None:
    teams = coached.teams
    (review,) = await review_of(coached)
    (theirs,) = await review_of(coached, "See you. Our tiles last forever.", BEN)
    stolen = next(each for each in review.buttons if each.get("verb") == verb)["data"]
    value = {"action": {"type": "Action.Execute", "verb": verb, "data": stolen}, "trigger": "manual"}
    answer = await teams.press_raw(BEN, theirs.id, value)
    assert answer.status == 200
    assert teams.told == ["Only who sent the draft can decide on it."]
    assert "Dana" not in json.dumps(answer.body)
    assert await decisions(coached) == []
    assert said(teams, ANA, chat_of(coached)) == [review]
    assert said(teams, BEN, chat_of(coached, BEN)) == [theirs]


@pytest.mark.parametrize("verb", VERBS)
async def test_a_choice_about_a_review_that_is_not_kept_any_more_is_told_so(coached: Served, verb: str) -> None:
    (review,) = await review_of(coached)
    await coached.app.store.records.forget(person(ANA))
    assert (await coached.teams.press(ANA, review.id, verb, data={"place": 0})).status == 200
    assert coached.teams.told == [CLOSED]
    assert said(coached.teams, ANA, chat_of(coached)) == [review]


async def test_two_reviews_do_not_get_into_each_others_way(coached: Served) -> None:
    teams = coached.teams
    (first,) = await review_of(coached)
    (second,) = await review_of(coached, "Our tiles last forever.")
    await teams.press(ANA, second.id, "review.unmeant")
    assert rewritten(coached) == f"{REWRITTEN}Our tiles last forever."
    await teams.press(ANA, first.id, "review.unmeant", data={"place": 0})
    assert rewritten(coached) == f"{FIRST_KEPT}Our tiles last forever."
    await all_shown(coached, first)
    await all_shown(coached, second)
