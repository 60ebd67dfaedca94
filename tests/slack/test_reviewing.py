"""Reviews in Slack: every way to ask for one, every choice about it, drafts of every length and kind."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.files.reading import MAX_BYTES
from bot.stores.sqlite.store import SqliteStore
from tests.claude.loopback import started
from tests.fakes import LESSON, small_app
from tests.files.making import mail, page, pdf, word
from tests.prompts.replicas import Clock
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER, Upload
from tests.slack.serving import MODES, Served, served
from tests.slack.watching import (
    DRAFT,
    NASTY,
    QUOTED,
    REWRITTEN,
    boxes,
    coaching,
    idle,
    opened,
    over_a_socket,
    over_http,
    pings,
    replies,
    reply,
    said,
    told,
)

SUMMARY = "2 sentences say what the guide says not to say. Below: what to say instead."
FIRST_KEPT = REWRITTEN.replace("Our tiles last sixty years.", "Our tiles last forever.")


async def reviewed(slack: Slack, user: str = "U1") -> list[Seen]:
    """Waits for a review in the direct messages and gives its messages, the rewritten draft last."""
    dm = slack.dm_of(user)

    def drafts() -> list[Seen]:
        return [each for each in said(slack, user, dm) if "Rewritten draft" in each.plain]

    await slack.until(drafts)
    return [each for each in said(slack, user, dm) if "sentence" in each.plain or "Rewritten draft" in each.plain]


async def review_of(slack: Slack, draft: str = DRAFT, user: str = "U1") -> list[Seen]:
    """Has a draft reviewed by direct message."""
    await slack.say(user, slack.dm_of(user), f"review {draft}")
    return await reviewed(slack, user)


def rewritten(slack: Slack, user: str = "U1") -> str:
    """The rewritten draft as it stands before the writer."""
    shown = [each for each in said(slack, user, slack.dm_of(user)) if "Rewritten draft" in each.plain]
    return "".join(box for each in shown for box in boxes(each))


@asynccontextmanager
async def timed(slack: Slack, place: Path, clock: Clock) -> AsyncGenerator[Served]:
    """Serves the small coach, whose store goes by the test's time."""
    (place / "knowledge").mkdir()
    (place / "knowledge" / "roofs.md").write_text(LESSON, encoding="utf-8")
    store = SqliteStore(place / "coach.sqlite3", clock=clock)
    async with served(slack, small_app(place / "knowledge", store=store), "http") as coached:
        yield coached


async def decisions(coached: Served) -> list[dict[str, object]]:
    """What was learnt from choices."""
    return [json.loads(entry) for entry in await coached.app.store.log.read("decisions", limit=100)]


async def keep(slack: Slack, card: Seen, index: int, reason: str, agrees: Sequence[str] = ()) -> None:
    """Keeps one's own words and says why."""
    await slack.click("U1", slack.dm_of("U1"), card.ts, "review.keep", index=index)
    form = await opened(slack, "U1", "Why do they stay?")
    assert await slack.submit("U1", form.id, {"reason": reason, "show": list(agrees)}) == {}


# Ways in.


async def test_a_review_says_what_to_say_instead_and_why_and_gives_the_draft_to_copy(coached: Served) -> None:
    slack = coached.slack
    card, draft = await review_of(slack)
    assert card.plain.splitlines() == [
        SUMMARY,
        "1. You wrote",
        "Our tiles last forever.",
        "Say instead",
        "Our tiles last sixty years.",
        "Why it matters",
        "The warranty says sixty",
        "[Use this]",
        "[Keep mine]",
        "[Not what I meant]",
        "2. You wrote",
        "This roof never leaks.",
        "Say instead",
        "This roof is guaranteed for ten years.",
        "Why it matters",
        "No roof never leaks",
        "[Use this]",
        "[Keep mine]",
        "[Not what I meant]",
    ]
    assert boxes(draft) == [REWRITTEN]
    assert draft.plain.endswith("Prompt version 1 · lessons engine")
    assert pings(slack) == []


async def test_a_status_is_shown_while_a_draft_is_read(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, DRAFT)
    card, _ = await reviewed(slack)
    assert slack.status_log == [(dm, ts, "Reading the draft …")]
    assert slack.status(dm, ts) == ""
    assert card.thread_ts == ts


@over_http
@pytest.mark.parametrize("before", ["", "review ", "Review: ", "review this draft:\n", "/review "])
async def test_a_direct_message_that_is_a_draft_is_reviewed(coached: Served, before: str) -> None:
    slack = coached.slack
    await slack.say("U1", slack.dm_of("U1"), f"{before}{DRAFT}")
    _, draft = await reviewed(slack)
    assert boxes(draft) == [REWRITTEN]


@pytest.mark.parametrize("where", ["C1", "DU1", "D9"])
async def test_the_command_opens_a_form_whose_draft_is_reviewed_by_direct_message(coached: Served, where: str) -> None:
    slack = coached.slack
    slack.dm_of("U1")
    slack.channel("C1", "U1", with_bot=False)
    slack.channel("D9", "U1", "U2", kind="im", with_bot=False)
    delivered = await slack.command("U1", where, "review")
    assert (delivered.status, delivered.body) == (200, "")
    form = await opened(slack, "U1", "Your draft")
    assert await slack.submit("U1", form.id, {"draft": DRAFT})
    assert "The draft is being read" in slack.plain(slack.view_of("U1"))
    card, draft = await reviewed(slack)
    assert card.plain.startswith(SUMMARY)
    assert card.thread_ts is None
    assert boxes(draft) == [REWRITTEN]


async def test_a_form_without_a_draft_says_what_it_needs(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", with_bot=False)
    await slack.command("U1", "C1", "review")
    form = await opened(slack, "U1", "Your draft")
    await slack.submit("U1", form.id, {"draft": "   "})
    assert form.errors == {"draft": "Paste a draft, or choose a file below."}
    await slack.submit("U1", form.id, {"draft": "Hello all,\n", "file": [Upload("rest.txt", DRAFT.encode())]})
    _, draft = await reviewed(slack)
    assert boxes(draft) == [f"Hello all,\n\n\n{REWRITTEN}"]


async def test_the_command_with_a_draft_is_reviewed_by_direct_message_and_says_so(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2", with_bot=False)
    await slack.command("U1", "C1", "review Our tiles last forever. See you.")
    _, draft = await reviewed(slack)
    assert boxes(draft) == ["Our tiles last sixty years. See you."]
    assert (await told(slack, "U1", "C1", "The review is in your direct messages with me")).ephemeral


@pytest.mark.parametrize("with_bot", [True, False])
async def test_review_phrasing_takes_any_message(coached: Served, *, with_bot: bool) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2", with_bot=with_bot)
    ts = await slack.say("U2", "C1", DRAFT)
    await slack.shortcut("U1", "C1", ts)
    await opened(slack, "U1", "It is in your direct messages with the coach.")
    _, draft = await reviewed(slack)
    assert boxes(draft) == [REWRITTEN]


@over_http
async def test_review_phrasing_reads_links_and_names_as_they_were_written(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    text = "Our tiles last forever. See www.example.com & https://example.com/a?b=c, a@example.com <b>"
    ts = await slack.say("U2", "C1", text)
    await slack.shortcut("U1", "C1", ts)
    _, draft = await reviewed(slack)
    assert boxes(draft) == [text.replace("last forever", "last sixty years")]


@over_a_socket
async def test_review_phrasing_of_a_message_with_a_file_reads_the_file(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U2", "C1", "", files=[Upload("draft.txt", DRAFT.encode())])
    await slack.shortcut("U1", "C1", ts)
    _, draft = await reviewed(slack)
    assert boxes(draft) == [REWRITTEN]


@over_http
async def test_review_phrasing_of_a_message_without_words_does_not_wait_for_ever(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U2", "C1", "  ")
    await slack.shortcut("U1", "C1", ts)
    assert (await reply(slack, "U1", dm)).plain == "The draft is empty: write or paste its text."
    await slack.until(lambda: "Reading the message" not in slack.plain(slack.view_of("U1")), 2.0)


@over_http
async def test_a_view_that_opens_after_its_review_is_there_does_not_wait_for_ever(coached: Served) -> None:
    slack = coached.slack
    slack.channel("C1", "U1", "U2")
    ts = await slack.say("U2", "C1", DRAFT)
    slack.fail("views.open", hang=0.5)
    await slack.shortcut("U1", "C1", ts)
    await reviewed(slack)
    await opened(slack, "U1")
    await slack.until(lambda: "Reading the message" not in slack.plain(slack.view_of("U1")), 2.0)


@over_a_socket
async def test_a_draft_without_claims_is_told_so(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, "review See you on Monday.")
    only = await reply(slack, "U1", dm)
    assert only.plain.startswith("Nothing to change: the draft makes no claim")
    assert only.plain.endswith("Prompt version 1 · lessons engine")
    assert only.elements == []


@over_http
async def test_what_is_not_certain_is_shown_and_left_as_it_is(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, "review Is it true that our tiles last forever?")
    only = await reply(slack, "U1", dm)
    assert only.plain.startswith("Nothing surely to change.")
    assert "Is it true that our tiles last forever?" in only.plain
    assert "The guide would say" in only.plain


async def test_a_draft_that_slack_delivers_again_is_reviewed_once(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, DRAFT)
    await reviewed(slack)
    await slack.redeliver(ts)
    await idle(coached)
    assert len(said(slack, "U1", dm)) == 2


# Choices.


async def test_words_that_were_not_meant_stay_and_the_draft_follows(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, draft = await review_of(slack)
    await slack.click("U1", dm, card.ts, "review.unmeant", index=0)
    await slack.until(lambda: rewritten(slack) == FIRST_KEPT)
    shown = said(slack, "U1", dm)
    assert [each.ts for each in shown] == [card.ts, draft.ts], "it follows in its place"
    assert "Not what you meant: your words stay." in shown[0].plain
    (entry,) = await decisions(coached)
    assert (entry["choice"], entry["lesson"], entry["row"], entry["text"]) == ("not meant", "roofs", 2, None)


async def test_a_writer_can_change_their_mind_as_often_as_they_like(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    for action, outcome, words in [
        ("review.unmeant", FIRST_KEPT, "Not what you meant"),
        ("review.use", REWRITTEN, "You use these words."),
        ("review.unmeant", FIRST_KEPT, "Not what you meant"),
    ]:
        await slack.click("U1", dm, card.ts, action, index=0)
        await slack.until(lambda outcome=outcome: rewritten(slack) == outcome)  # type: ignore[misc]
        await told(slack, "U1", dm, words)
    await keep(slack, card, 0, "They are guaranteed")
    await told(slack, "U1", dm, "You keep your words: They are guaranteed")
    await slack.until(lambda: rewritten(slack) == FIRST_KEPT)
    await slack.click("U1", dm, card.ts, "review.use", index=0)
    await slack.until(lambda: rewritten(slack) == REWRITTEN)
    assert [entry["choice"] for entry in await decisions(coached)] == ["not meant", "use", "not meant", "keep", "use"]


@over_http
async def test_the_same_choice_twice_is_one(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    for _ in range(3):
        await slack.click("U1", dm, card.ts, "review.unmeant", index=1)
    await slack.until(lambda: "This roof never leaks." in rewritten(slack))
    assert len(await decisions(coached)) == 1


async def test_all_choices_at_once_are_all_taken(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    await asyncio.gather(*(slack.click("U1", dm, card.ts, "review.unmeant", index=place) for place in (0, 1)))
    await slack.until(lambda: rewritten(slack) == DRAFT)
    await told(slack, "U1", dm, "Not what you meant")
    assert sorted(str(entry["row"]) for entry in await decisions(coached)) == ["1", "2"]
    assert slack.failures == []


@over_http
async def test_a_choice_that_is_shown_late_does_not_hide_a_later_one(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    slack.fail("chat.update", hang=0.3)
    await slack.click("U1", dm, card.ts, "review.unmeant", index=0)
    await slack.click("U1", dm, card.ts, "review.unmeant", index=1)
    await slack.until(lambda: sum(call.method == "chat.update" for call in slack.calls) >= 6)
    await slack.until(lambda: rewritten(slack) == DRAFT)
    assert said(slack, "U1", dm)[0].plain.count("Not what you meant: your words stay.") == 2


@over_a_socket
async def test_two_opposite_clicks_at_once_end_as_one_of_them(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    await asyncio.gather(
        *(slack.click("U1", dm, card.ts, action, index=0) for action in ("review.unmeant", "review.use") * 2)
    )
    review = await coached.app.reviews.find(f"slack:T1/{dm}/{card.thread_ts}")
    assert review
    await slack.until(lambda: rewritten(slack) == review.rewritten)
    words = "You use these words." if review.stands(0) else "Not what you meant"
    await told(slack, "U1", dm, words)


@pytest.mark.parametrize(
    ("agrees", "text"), [((), None), (("may_show",), "Our tiles last forever.")], ids=["unseen", "shown"]
)
async def test_a_reason_is_kept_without_its_writer_and_the_words_only_if_they_agree(
    coached: Served, agrees: tuple[str, ...], text: str | None
) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    await keep(slack, card, 0, "They are  \n guaranteed", agrees)
    await told(slack, "U1", dm, "You keep your words: They are guaranteed")
    await slack.until(lambda: rewritten(slack) == FIRST_KEPT)
    (entry,) = await decisions(coached)
    assert {key: entry[key] for key in ("choice", "reason", "text", "lesson", "row", "prompt_version")} == {
        "choice": "keep",
        "reason": "They are guaranteed",
        "text": text,
        "lesson": "roofs",
        "row": 2,
        "prompt_version": 1,
    }
    assert "U1" not in json.dumps(entry)


@over_a_socket
async def test_a_reason_need_not_be_given_and_the_form_shows_the_words_that_stay(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    await slack.click("U1", dm, card.ts, "review.keep", index=1)
    form = await opened(slack, "U1")
    assert "This roof never leaks." in slack.plain(form)
    assert await slack.submit("U1", form.id) == {}
    await told(slack, "U1", dm, "You keep your words.")
    assert slack.views == {}


async def test_another_member_can_neither_decide_nor_read_the_words(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.user("U2")
    card, draft = await review_of(slack)
    for action in ("review.unmeant", "review.use", "review.keep"):
        await slack.click("U2", dm, card.ts, action, index=0)
    await review_of(slack, "See you. Our tiles last forever.", "U3")
    assert await decisions(coached) == []
    assert rewritten(slack) == REWRITTEN
    assert said(slack, "U1", dm) == [card, draft]
    assert [view for view in slack.views.values() if "tiles" in slack.plain(view)] == []


@over_a_socket
async def test_a_form_that_another_member_sends_decides_nothing(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    await slack.click("U1", dm, card.ts, "review.keep", index=0)
    form = await opened(slack, "U1")
    form.user = "U2"
    answer = await slack.submit("U2", form.id, {"reason": "mine now"})
    assert "Only who sent the draft can decide on it." in json.dumps(answer)
    assert await decisions(coached) == []
    assert rewritten(slack) == REWRITTEN


@over_http
@pytest.mark.parametrize("action", ["review.use", "review.keep", "review.unmeant"])
async def test_a_choice_about_a_review_that_is_not_kept_any_more_is_told_so(coached: Served, action: str) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    await coached.app.store.records.forget("slack:T1/U1")
    await slack.click("U1", dm, card.ts, action, index=0)
    assert (await told(slack, "U1", dm, "This review is not kept any more: send the draft once more.")).ephemeral
    assert slack.views == {}


@over_a_socket
async def test_a_reason_for_a_review_that_is_not_kept_any_more_is_told_so(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    card, _ = await review_of(slack)
    await slack.click("U1", dm, card.ts, "review.keep", index=0)
    form = await opened(slack, "U1")
    await coached.app.store.records.forget("slack:T1/U1")
    await slack.submit("U1", form.id, {"reason": "late"})
    assert "This review is not kept any more" in slack.plain(slack.view_of("U1"))


@over_http
async def test_two_reviews_do_not_get_into_each_others_way(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    first, _ = await review_of(slack)
    await slack.say("U1", dm, "review Our tiles last forever.")
    second = (await replies(slack, "U1", dm, count=4))[2]
    await slack.click("U1", dm, second.ts, "review.unmeant")
    await slack.until(lambda: rewritten(slack) == f"{REWRITTEN}Our tiles last forever.")
    await slack.click("U1", dm, first.ts, "review.unmeant", index=0)
    await slack.until(lambda: rewritten(slack) == f"{FIRST_KEPT}Our tiles last forever.")


@over_a_socket
async def test_a_review_that_was_asked_for_elsewhere_follows_its_choices_too(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.channel("C1", "U1", "U2")
    await slack.say("U1", "C1", f"<@{BOT_USER}> review {DRAFT}")
    card, _ = await reviewed(slack)
    await slack.click("U1", dm, card.ts, "review.unmeant", index=0)
    await slack.until(lambda: rewritten(slack) == FIRST_KEPT)
    assert len(said(slack, "U1", dm)) == 2


async def test_a_review_can_be_decided_on_for_as_long_as_it_is_kept(slack: Slack, tmp_path: Path) -> None:
    clock = Clock()
    async with timed(slack, tmp_path, clock) as coached:
        dm = slack.dm_of("U1")
        card, _ = await review_of(slack)
        for action, words in [("review.unmeant", "Not what you meant"), ("review.use", "You use these words.")] * 2:
            clock.seconds += 20 * 3600
            await slack.click("U1", dm, card.ts, action, index=0)
            await told(slack, "U1", dm, words)
        await slack.until(lambda: rewritten(slack) == REWRITTEN)
        assert len(await decisions(coached)) == 4


async def test_a_choice_that_cannot_be_shown_any_more_is_told_so(slack: Slack, tmp_path: Path) -> None:
    clock = Clock()
    async with timed(slack, tmp_path, clock) as coached:
        dm = slack.dm_of("U1")
        card, _ = await review_of(slack)
        await idle(coached)
        records, key = coached.app.store.records, f"slack:shown:slack:T1/{dm}/{card.thread_ts}"
        shown = await records.read(key)
        assert shown
        assert await records.write(key, shown.body, person="slack:T1/U1", expected=shown.revision, lasts=1)
        clock.seconds += 2
        await slack.click("U1", dm, card.ts, "review.unmeant", index=0)
        seen = await told(slack, "U1", dm, "Your choice is noted, but this review is too old to show it")
        assert (seen.ephemeral, seen.thread_ts) == (True, card.thread_ts)
        await keep(slack, card, 1, "A quote")
        await slack.until(lambda: sum("is noted" in each.plain for each in said(slack, "U1", dm)) == 2)
        assert [entry["choice"] for entry in await decisions(coached)] == ["not meant", "keep"]
        assert said(slack, "U1", dm)[0] == card


# Long ones.


async def test_many_findings_come_in_several_messages_and_each_can_be_decided(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    sentences = [f"For site {number} our tiles last forever." for number in range(60)]
    await slack.say("U1", dm, "", files=[Upload("draft.txt", "\n".join(sentences).encode())])
    await reviewed(slack)
    before = said(slack, "U1", dm)
    cards = [each for each in before if "You wrote" in each.plain]
    assert len(cards) > 1
    assert all(any(sentence in card.plain for card in cards) for sentence in sentences)
    last = [value for _, value in cards[-1].actions][-1]
    assert last.endswith("|59")
    await slack.click("U1", dm, cards[-1].ts, "review.unmeant", last)
    await slack.until(lambda: rewritten(slack).endswith(sentences[-1]))
    assert [each.ts for each in said(slack, "U1", dm)] == [each.ts for each in before]
    assert rewritten(slack) == "\n".join(["Our tiles last sixty years."] * 59 + sentences[-1:])


@over_http
async def test_of_very_many_findings_the_rest_comes_in_a_file_and_the_first_can_be_decided(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    sentences = [f"For site {number} our tiles last forever." for number in range(400)]
    ts = await slack.say("U1", dm, "", files=[Upload("draft.txt", "\n".join(sentences).encode())])

    def files() -> dict[str, str]:
        sent = [file for each in said(slack, "U1", dm, ts) for file in each.files]
        return {file.info["name"]: file.data.decode() for file in sent}

    await slack.until(lambda: len(files()) == 2)
    assert files()["rewritten draft.txt"] == "\n".join(["Our tiles last sixty years."] * 400)
    shown = [each for each in said(slack, "U1", dm, ts) if not each.files]
    assert len(shown) <= 13
    cards = [each for each in shown if "You wrote" in each.plain]
    told_of = [any(sentence in card.plain for card in cards) for sentence in sentences]
    assert [sentence in files()["findings.txt"] for sentence in sentences] == [not each for each in told_of]
    last = [value for _, value in cards[-1].actions][-1]
    assert last.endswith(f"|{told_of.count(True) - 1}")
    await slack.click("U1", dm, cards[-1].ts, "review.unmeant", last)
    await told(slack, "U1", dm, "Not what you meant")
    await slack.click("U1", dm, shown[-1].ts, "review.draft")
    kept = sentences[told_of.count(True) - 1]
    await slack.until(lambda: kept in files()["rewritten draft.txt"])
    assert sum(call.method == "chat.update" for call in slack.calls) == 1


@over_http
async def test_a_draft_of_several_parts_is_whole_and_follows(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    text = "Our tiles last forever.\n\n" + "A paragraph about the weather of the week.\n\n" * 250
    await slack.say("U1", dm, "", files=[Upload("draft.txt", text.encode())])
    await reviewed(slack)
    await idle(coached)
    parts = [each for each in said(slack, "U1", dm) if "Rewritten draft, part" in each.plain]
    assert len(parts) > 1
    assert rewritten(slack) == text.replace("forever", "sixty years")
    await slack.click("U1", dm, said(slack, "U1", dm)[0].ts, "review.unmeant")
    await slack.until(lambda: rewritten(slack) == text)


async def test_a_draft_that_is_too_long_for_messages_comes_as_a_file_and_again_as_decided(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    text = "Our tiles last forever.\n\n" + "A paragraph about the weather of the week.\n\n" * 1_000
    ts = await slack.say("U1", dm, "", files=[Upload("draft.txt", text.encode())])

    def files() -> list[Seen]:
        return [each for each in said(slack, "U1", dm, ts) if each.files]

    await slack.until(files)
    assert files()[0].files[0].data.decode() == text.replace("forever", "sixty years")
    card, draft = [each for each in said(slack, "U1", dm, ts) if not each.files]
    assert "It is too long for a message, so it comes as a file." in draft.plain
    await slack.click("U1", dm, card.ts, "review.unmeant")
    await told(slack, "U1", dm, "Not what you meant")
    await slack.click("U1", dm, draft.ts, "review.draft")
    await slack.until(lambda: len(files()) == 2)
    assert files()[1].files[0].data.decode() == text
    await coached.app.store.records.forget("slack:T1/U1")
    await slack.click("U1", dm, draft.ts, "review.draft")
    await told(slack, "U1", dm, "This review is not kept any more")
    assert len(files()) == 2


@over_http
async def test_a_long_draft_is_sent_once_although_slack_fails_at_what_follows_it(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.channel("C1", "U1", "U2")
    slack.fail("chat.postEphemeral", error="internal_error")
    long = Upload("draft.txt", (WORDS + "\nAbout the weather." * 1_000).encode())
    await slack.say("U1", "C1", f"<@{BOT_USER}> review", files=[long])
    await told(slack, "U1", "C1", "The review is in your direct messages with me")
    assert sum(bool(each.files) for each in said(slack, "U1", dm)) == 1


@over_http
async def test_another_member_is_not_sent_the_draft(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.user("U2")
    text = "Our tiles last forever.\n\n" + "A paragraph about the weather of the week.\n\n" * 1_000
    await slack.say("U1", dm, "", files=[Upload("draft.txt", text.encode())])
    draft = (await reviewed(slack))[-1]
    await slack.until(lambda: any(each.files for each in said(slack, "U1", dm)))
    await slack.click("U2", dm, draft.ts, "review.draft")
    await slack.until(lambda: "This review is not kept any more" in str(slack.calls[-1].params))
    assert sum(bool(each.files) for each in said(slack, "U1", dm)) == 1


@over_a_socket
async def test_a_draft_full_of_signs_follows_its_choices(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    text = "Our tiles last forever. " + "Roof & gutter < 9 > 5 & so on. " * 90
    await slack.say("U1", dm, "", files=[Upload("draft.txt", text.encode())])
    await reviewed(slack)
    await slack.click("U1", dm, said(slack, "U1", dm)[0].ts, "review.unmeant")
    await slack.until(lambda: rewritten(slack) == text, 3.0)


# Files.

WORDS = "Our tiles last forever."


def _word() -> bytes:
    return word(lambda document: document.add_paragraph(WORDS))


@over_http
@pytest.mark.parametrize(
    "upload",
    [
        Upload("draft.txt", WORDS.encode()),
        Upload("draft.txt", WORDS.encode("utf-16")),
        Upload("DRAFT.MD", WORDS.encode(), "text/markdown"),
        Upload("draft.eml", mail(plain=f"{WORDS}\n").as_bytes(), "message/rfc822"),
        Upload("draft.docx", _word(), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        Upload("draft.pdf", pdf(page(WORDS)), "application/pdf"),
        Upload("draft.html", f"<p>{WORDS}</p>".encode(), "text/html"),
    ],
    ids=lambda upload: upload.name,
)
async def test_a_file_of_any_kind_that_is_read_is_reviewed(coached: Served, upload: Upload) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    ts = await slack.say("U1", dm, "", files=[upload])
    _, draft = await reviewed(slack)
    assert "Our tiles last sixty years." in boxes(draft)[0]
    assert (dm, ts, f"Reading {upload.name} …") in slack.status_log


@over_a_socket
async def test_five_files_and_the_words_beside_them_are_one_draft(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    files = [Upload(f"{number}.txt", f"Part {number}.".encode()) for number in range(4)]
    await slack.say("U1", dm, "review Hello,", files=[*files, Upload("5.txt", WORDS.encode())])
    _, draft = await reviewed(slack)
    assert boxes(draft) == ["Hello,\n\nPart 0.\n\nPart 1.\n\nPart 2.\n\nPart 3.\n\nOur tiles last sixty years."]


@over_a_socket
@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([Upload(f"{number}.txt", b"x") for number in range(6)], "At most 5 files are read at once"),
        ([Upload("big.txt", b"x", size=MAX_BYTES + 1)], "has more than 5 MB"),
        ([Upload("big.txt", b"x " * (MAX_BYTES // 2 + 1), size=10)], "has more than 5 MB"),
        ([Upload("photo.png", b"\x89PNG", "image/png")], "“photo.png” cannot be read"),
        ([Upload("empty.txt", b" \n")], "“empty.txt” cannot be read"),
        ([Upload("old.doc", b"\xd0\xcf\x11\xe0", "application/msword")], "“old.doc” cannot be read"),
        ([Upload("fake.pdf", b"no such thing", "application/pdf")], "“fake.pdf” cannot be read"),
        ([Upload("x.txt", kind="external", url="https://drive.example.com/x")], "“x.txt” is not kept by Slack"),
        ([Upload("x.txt", b"x", kind="connect")], "is not kept by Slack"),
        ([Upload("x.txt", b"x", kind="tombstone")], "is not kept by Slack"),
        ([Upload("good.txt", WORDS.encode()), Upload("bad.png", b"x", "image/png")], "“bad.png” cannot be read"),
    ],
    ids=["many", "large", "larger than said", "image", "empty", "doc", "no pdf", "elsewhere", "connect", "gone", "one"],
)
async def test_a_file_that_cannot_be_read_gets_one_clear_line(
    coached: Served, files: Sequence[Upload], words: str
) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    await slack.say("U1", dm, "", files=files)
    only = await reply(slack, "U1", dm)
    assert words in only.plain
    assert "\n" not in only.plain
    await idle(coached)
    assert len(said(slack, "U1", dm)) == 1


@over_http
@pytest.mark.parametrize("name", ["draft.txt", "draft.html"])
async def test_slacks_page_to_sign_in_is_not_taken_for_the_file(coached: Served, name: str) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.settings.scopes = slack.settings.scopes - {"files:read"}
    await slack.say("U1", dm, "", files=[Upload(name, WORDS.encode())])
    assert (await reply(slack, "U1", dm)).plain == f"“{name}” is not given out by Slack: paste its text instead."


@over_http
async def test_the_token_goes_to_no_other_server(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    asked: list[str] = []

    async def other(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(text=WORDS)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", other)
    runner, port = await started(app)
    host = slack.url.removeprefix("http://")
    for url in (f"http://127.0.0.1:{port}/x", f"http://{host}@127.0.0.1:{port}/x", f"http://127.0.0.1:{port}#{host}"):
        await slack.say("U1", dm, "", files=[Upload("x.txt", b"x", url=url)])
    refusals = await replies(slack, "U1", dm, count=3)
    await runner.cleanup()
    assert asked == []
    assert all("is not kept by Slack" in each.plain for each in refusals)


# Nothing in it speaks to anybody else.


@pytest.mark.parametrize("mode", MODES)
async def test_what_a_draft_holds_mentions_nobody_links_nowhere_and_is_shown_as_it_stands(
    slack: Slack, tmp_path: Path, mode: str
) -> None:
    dm = slack.dm_of("U1")
    slack.channel("C1", "U1", "U2")
    draft = f"Hi {NASTY}\nAbout {QUOTED} our tiles last forever\nBest {NASTY}"
    async with coaching(slack, tmp_path, mode):
        await slack.say("U1", dm, "", files=[Upload("draft.txt", draft.encode())])
        card, _ = await reviewed(slack)
        assert f"About {QUOTED} our tiles last forever" in card.plain
        assert rewritten(slack) == f"Hi {NASTY}\nOur tiles last sixty years.\nBest {NASTY}"
        await slack.click("U1", dm, card.ts, "review.keep")
        form = await opened(slack, "U1")
        assert QUOTED in slack.plain(form)
        assert pings(slack) == []
        await slack.submit("U1", form.id, {"reason": NASTY})
        await told(slack, "U1", dm, f"You keep your words: {NASTY}")
        await slack.until(lambda: rewritten(slack) == draft)
        await slack.say("U1", dm, f"review {QUOTED} is it true that our tiles last forever?")
        await told(slack, "U1", dm, "The guide would say")
        await slack.say("U1", dm, "", files=[Upload(f"{NASTY}.png", b"x")])
        await told(slack, "U1", dm, "cannot be read")
        await slack.say("U1", dm, "", files=[Upload(f"{NASTY}.txt", b"x", kind="external", url="https://x.example/")])
        await told(slack, "U1", dm, "is not kept by Slack")
        ts = await slack.say("U2", "C1", draft)
        await slack.shortcut("U1", "C1", ts)
        await opened(slack, "U1")
    assert pings(slack) == []
