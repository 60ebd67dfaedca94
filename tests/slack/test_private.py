"""What is somebody's own: nobody else sees anything of it in Slack, at any time, and it can be forgotten."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.scripted import ScriptedEngine
from tests.slack.loopback.seen import Seen
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_USER, ChannelKind, Upload
from tests.slack.serving import MODES, Served
from tests.slack.watching import (
    ADMIN,
    ANSWER,
    DRAFT,
    QUESTION,
    coaching,
    idle,
    opened,
    over_http,
    passed_over,
    replies,
    reply,
    said,
    shown_to_others,
    told,
)

SECRETS = ("sixty years", "last forever", "never leaks", "guaranteed", "Dana", "secret.txt")
"""Words of the draft, of its review and of its file's name."""


def everybody(slack: Slack, channel: str = "C1", *, kind: ChannelKind = "channel") -> str:
    """A channel with the writer, two colleagues and the admin."""
    return slack.channel(channel, "U1", "U2", "U3", ADMIN, kind=kind)


async def draft_of(slack: Slack, user: str = "U1") -> Seen:
    """Waits for a rewritten draft in somebody's direct messages."""
    return await told(slack, user, slack.dm_of(user), "Rewritten draft")


def leaks(slack: Slack, person: str = "U1") -> list[str]:
    """Every way in which others could have seen anything of the draft."""
    return [leak for secret in SECRETS for leak in shown_to_others(slack, secret, person=person)]


# Reviews.


@pytest.mark.parametrize("kind", ["channel", "group", "mpim"])
@pytest.mark.parametrize("text", [f"review {DRAFT}", DRAFT])
async def test_a_draft_that_is_given_to_the_coach_in_a_channel_is_reviewed_in_private(
    coached: Served, kind: ChannelKind, text: str
) -> None:
    slack = coached.slack
    everybody(slack, kind=kind)
    await slack.say("U1", "C1", f"<@{BOT_USER}> {text}")
    await draft_of(slack)
    note = await told(slack, "U1", "C1", "The review is in your direct messages with me")
    assert note.ephemeral
    await idle(coached)
    assert leaks(slack) == []
    assert [said(slack, user, "C1") for user in ("U2", "U3", ADMIN)] == [[], [], []]
    assert slack.status_log == []


async def test_a_file_that_is_given_to_the_coach_in_a_channel_is_reviewed_in_private(coached: Served) -> None:
    slack = coached.slack
    everybody(slack)
    await slack.say("U1", "C1", f"<@{BOT_USER}> have a look", files=[Upload("secret.txt", DRAFT.encode())])
    await draft_of(slack)
    await idle(coached)
    assert leaks(slack) == []
    assert said(slack, "U2", "C1") == []


async def test_a_file_that_cannot_be_read_is_told_to_its_sender_alone(coached: Served) -> None:
    slack = coached.slack
    everybody(slack)
    await slack.say("U1", "C1", f"<@{BOT_USER}> have a look", files=[Upload("secret.txt.png", b"x", "image/png")])
    assert (await told(slack, "U1", "C1", "“secret.txt.png” cannot be read")).ephemeral
    assert leaks(slack) == []


async def test_a_draft_in_a_thread_of_answers_is_reviewed_in_private(coached: Served) -> None:
    slack = coached.slack
    everybody(slack)
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    await slack.say("U1", "C1", f"<@{BOT_USER}> review {DRAFT}", thread_ts=ts)
    await draft_of(slack)
    note = await told(slack, "U1", "C1", "The review is in your direct messages with me")
    assert (note.ephemeral, note.thread_ts) == (True, ts)
    assert leaks(slack) == []


async def test_a_draft_that_nobody_gave_to_the_coach_is_not_touched(coached: Served) -> None:
    slack = coached.slack
    everybody(slack)
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    await reply(slack, "U1", "C1")
    await slack.say("U1", "C1", DRAFT, thread_ts=ts)
    await slack.say("U1", "C1", "Is this right?", thread_ts=ts, files=[Upload("secret.txt", DRAFT.encode())])
    await slack.say("U1", "C1", DRAFT)
    await idle(coached)
    assert len(said(slack, "U1", "C1")) == 1
    assert said(slack, "U1", slack.dm_of("U1")) == []
    assert leaks(slack) == []


async def test_review_phrasing_shows_nothing_to_the_messages_author(coached: Served) -> None:
    slack = coached.slack
    everybody(slack)
    ts = await slack.say("U2", "C1", DRAFT)
    await slack.shortcut("U1", "C1", ts)
    await draft_of(slack)
    await opened(slack, "U1", "It is in your direct messages")
    await idle(coached)
    assert leaks(slack) == []
    assert said(slack, "U2", slack.dm_of("U2")) == []


async def test_a_form_and_a_command_with_a_draft_show_nothing_to_anybody_else(coached: Served) -> None:
    slack = coached.slack
    everybody(slack)
    await slack.command("U1", "C1", "review")
    form = await opened(slack, "U1", "Your draft")
    await slack.submit("U1", form.id, {"draft": DRAFT})
    await draft_of(slack)
    await slack.command("U1", "C1", f"review {DRAFT}")
    await told(slack, "U1", "C1", "The review is in your direct messages with me")
    await idle(coached)
    assert leaks(slack) == []
    assert said(slack, "U2", "C1") == []


async def test_choices_about_a_review_are_seen_by_nobody_else(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    everybody(slack)
    await slack.say("U1", "C1", f"<@{BOT_USER}> review {DRAFT}")
    await draft_of(slack)
    card = said(slack, "U1", dm)[0]
    await slack.click("U1", dm, card.ts, "review.unmeant", index=0)
    await told(slack, "U1", dm, "Not what you meant")
    await slack.click("U1", dm, card.ts, "review.keep", index=1)
    form = await opened(slack, "U1")
    await slack.submit("U1", form.id, {"reason": "guaranteed by Dana"})
    await told(slack, "U1", dm, "You keep your words: guaranteed by Dana")
    await told(slack, "U1", dm, "Our tiles last forever. This roof never leaks.")
    assert leaks(slack) == []


async def test_a_long_draft_that_was_given_in_a_channel_comes_as_a_file_to_its_writer_alone(coached: Served) -> None:
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    everybody(slack)
    long = Upload("secret.txt", (f"{DRAFT}\n\n" + "About the weather.\n" * 1_000).encode())
    await slack.say("U1", "C1", f"<@{BOT_USER}> review", files=[long])
    await slack.until(lambda: [each for each in said(slack, "U1", dm) if each.files])
    await told(slack, "U1", "C1", "The review is in your direct messages with me")
    assert leaks(slack) == []
    assert [each for each in slack.seen("U2", "C1") if each.author == BOT_USER] == []
    assert [call.params.get("channel_id") for call in slack.calls if call.method == "files.completeUploadExternal"] == [
        dm
    ]


# What admins do.

ADMINS_WORDS = ("Version", "version", "0001", "first words", "second words", "Reason", "admins")


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("prompts", "Version 1"),
        ("prompts show 2", "Give the best line, and say where it stands."),
        ("prompts diff 1 2", "What changes from version 1"),
        ("prompts log", "published"),
        ("prompts activate 2 --force it says more", "Make version 2 live"),
        ("prompts activate two", "Write: prompts activate N"),
        ("rollback it says too little", "before"),
    ],
)
async def test_an_admins_command_in_a_channel_is_answered_to_the_admin_alone(
    slack: Slack, tmp_path: Path, mode: str, text: str, shown: str
) -> None:
    everybody(slack)
    async with coaching(slack, tmp_path, mode) as coached:
        await slack.say(ADMIN, "C1", f"<@{BOT_USER}> {text}")
        assert (await told(slack, ADMIN, "C1", shown)).ephemeral
        await slack.command(ADMIN, "C1", text)
        await slack.until(lambda: sum(shown in each.plain for each in said(slack, ADMIN, "C1")) == 2)
        await idle(coached)
    assert [said(slack, user, "C1") for user in ("U1", "U2")] == [[], []]
    assert [leak for word in ADMINS_WORDS for leak in shown_to_others(slack, word, person=ADMIN)] == []
    assert slack.status_log == []


async def test_a_move_that_is_confirmed_in_a_channel_is_seen_by_nobody_else(coached: Served) -> None:
    slack = coached.slack
    everybody(slack)
    await slack.say(ADMIN, "C1", f"<@{BOT_USER}> prompts activate 2 --force it says more")
    proposal = await told(slack, ADMIN, "C1", "Make version 2 live")
    await slack.click(ADMIN, "C1", proposal.ts, "move.confirm")
    await slack.until(lambda: all("Cancel" not in each.plain for each in said(slack, ADMIN, "C1")))
    standing = await coached.app.history.standing()
    assert standing.live == 2
    assert said(slack, "U1", "C1") == []
    assert [leak for word in ADMINS_WORDS for leak in shown_to_others(slack, word, person=ADMIN)] == []


@over_http
@pytest.mark.parametrize("text", ["prompts", "prompts show 1", "prompts activate 2 --force why not", "rollback now"])
async def test_who_is_no_admin_is_refused_where_nobody_else_sees_it(coached: Served, text: str) -> None:
    slack = coached.slack
    everybody(slack)
    await slack.say("U1", "C1", f"<@{BOT_USER}> {text}")
    (refusal,) = await replies(slack, "U1", "C1")
    assert refusal.ephemeral
    assert "Version 1" not in refusal.plain
    await idle(coached)
    assert said(slack, "U2", "C1") == []
    assert (await coached.app.history.standing()).live == 1


@over_http
@pytest.mark.parametrize("text", ["forget me", "+1", "forget me."])
async def test_what_is_about_a_person_is_answered_to_them_alone(coached: Served, text: str) -> None:
    slack = coached.slack
    everybody(slack)
    await slack.say("U1", "C1", f"<@{BOT_USER}> {text}")
    (answer,) = await replies(slack, "U1", "C1")
    assert answer.ephemeral
    await idle(coached)
    assert said(slack, "U2", "C1") == []


# Channels that another company sees.


async def test_in_a_shared_channel_only_who_asked_sees_the_answer(coached: Served) -> None:
    slack = coached.slack
    slack.user("UOUT", team="T2")
    slack.channel("C1", "U1", "U2", "UOUT", is_ext_shared=True)
    ts = await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    answer = await told(slack, "U1", "C1", ANSWER)
    assert answer.ephemeral
    await slack.say("U1", "C1", "And how often?", thread_ts=ts)
    await slack.until(lambda: sum(ANSWER in each.plain for each in said(slack, "U1", "C1")) == 2)
    follow_up = said(slack, "U1", "C1")[-1]
    assert (follow_up.ephemeral, follow_up.thread_ts) == (True, ts)
    await idle(coached)
    assert [said(slack, user, "C1") for user in ("U2", "UOUT")] == [[], []]
    assert shown_to_others(slack, "gutters", person="U1") == []
    assert slack.status_log == []


async def test_in_a_shared_channel_the_guide_help_and_reviews_are_for_who_asked(coached: Served) -> None:
    slack = coached.slack
    slack.user("UOUT", team="T2")
    slack.channel("C1", "U1", "UOUT", is_ext_shared=True)
    for text, words in [
        ("guide", "2 rows of the guide"),
        ("help", "any question"),
        (f"review {DRAFT}", "The review is"),
    ]:
        await slack.say("U1", "C1", f"<@{BOT_USER}> {text}")
        assert (await told(slack, "U1", "C1", words)).ephemeral
    await idle(coached)
    assert said(slack, "UOUT", "C1") == []
    assert leaks(slack) == []


async def test_a_file_in_a_shared_channel_is_reviewed_for_its_sender_and_not_for_others(coached: Served) -> None:
    slack = coached.slack
    slack.user("UOUT", team="T2")
    slack.channel("C1", "U1", "UOUT", is_ext_shared=True)
    draft = Upload("secret.txt", DRAFT.encode())
    await slack.say("UOUT", "C1", f"<@{BOT_USER}> review", files=[draft])
    await slack.say("U1", "C1", f"<@{BOT_USER}> review", files=[draft])
    await draft_of(slack)
    assert (await told(slack, "U1", "C1", "The review is in your direct messages with me")).ephemeral
    await idle(coached)
    assert leaks(slack) == []
    assert said(slack, "UOUT", "C1") == []
    assert said(slack, "UOUT", slack.dm_of("UOUT")) == []
    assert set(passed_over(coached)) == {"outsider"}


async def test_what_a_private_answer_offers_works_in_a_shared_channel(coached: Served) -> None:
    slack = coached.slack
    slack.user("UOUT", team="T2")
    slack.channel("C1", "U1", "UOUT", is_ext_shared=True)
    await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    answer = await told(slack, "U1", "C1", ANSWER)
    await slack.click("U1", "C1", answer.ts, "sources")
    await opened(slack, "U1", "Clear the gutters every autumn.")
    await slack.click("U1", "C1", answer.ts, "feedback", "good")
    assert said(slack, "UOUT", "C1") == []


@over_http
async def test_a_member_of_another_company_opens_no_sources(coached: Served) -> None:
    slack = coached.slack
    slack.user("UOUT", team="T2")
    slack.channel("C1", "U1")
    await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION}")
    answer = await reply(slack, "U1", "C1")
    slack.channels["C1"].is_ext_shared = True
    slack.channels["C1"].members.add("UOUT")
    await slack.click("UOUT", "C1", answer.ts, "sources")
    await slack.click("U1", "C1", answer.ts, "sources")
    await opened(slack, "U1", "Clear the gutters every autumn.")
    assert [view.user for view in slack.views.values()] == ["U1"]


# Forgetting.


def left(place: Path, *words: str) -> set[str]:
    """Names the state's files that hold any of the words."""
    files = [each for each in (place / "knowledge-state").iterdir() if each.is_file()]
    return {f"{word} in {each.name}" for each in files for word in words if word.encode() in each.read_bytes()}


async def busy_person(coached: Served) -> None:
    """U1 asks everywhere, rates, has drafts reviewed and decides on them."""
    slack, dm = coached.slack, coached.slack.dm_of("U1")
    slack.channel("C1", "U1", "U2")
    slack.channel("C9", "U1", with_bot=False)
    ts = await slack.say("U1", dm, f"{QUESTION} Ask zinnia.")
    answer = await reply(slack, "U1", dm)
    await slack.click("U1", dm, answer.ts, "feedback", "good")
    await slack.say("U1", dm, "And how often, zinnia?", thread_ts=ts)
    await replies(slack, "U1", dm, count=2)
    await slack.say("U1", "C1", f"<@{BOT_USER}> {QUESTION} Ask zinnia.")
    await reply(slack, "U1", "C1")
    await slack.command("U1", "C9", f"{QUESTION} Ask zinnia.")
    await told(slack, "U1", "C9", ANSWER)
    await slack.say("U1", "C1", f"<@{BOT_USER}> review Our tiles last forever, zinnia.")
    await draft_of(slack)
    card = next(each for each in said(slack, "U1", dm) if "You wrote" in each.plain)
    await slack.click("U1", dm, card.ts, "review.keep")
    form = await opened(slack, "U1")
    await slack.submit("U1", form.id, {"reason": "It is so"})
    await told(slack, "U1", dm, "You keep your words: It is so")
    await slack.say("U1", dm, "review Our tiles last forever, zinnia.", files=[Upload("x.txt", b"Dear zinnia")])
    await slack.until(lambda: sum("Rewritten draft" in each.plain for each in said(slack, "U1", dm)) == 2)
    await idle(coached)


async def forgotten(slack: Slack) -> None:
    """Waits until U1 is told that they are forgotten, wherever they asked for it."""
    await slack.until(
        lambda: any("Forgotten: " in each.plain for place in slack.channels for each in said(slack, "U1", place))
    )


async def by_direct_message(slack: Slack) -> str:
    return await slack.say("U1", slack.dm_of("U1"), "forget me")


async def by_mention(slack: Slack) -> str:
    return await slack.say("U1", "C1", f"<@{BOT_USER}> forget me")


async def by_command(slack: Slack) -> str:
    await slack.command("U1", "C9", "forget me")
    return ""


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("ask", [by_direct_message, by_mention, by_command])
async def test_forget_me_leaves_nothing_of_the_person_in_the_file(
    slack: Slack, tmp_path: Path, mode: str, ask: Callable[[Slack], Awaitable[str]]
) -> None:
    async with coaching(slack, tmp_path, mode) as coached:
        await busy_person(coached)
        assert left(tmp_path, "zinnia", "T1/U1"), "or there is nothing to see here"
        await ask(slack)
        await forgotten(slack)
        await idle(coached)
        (decision,) = await coached.app.store.log.read("decisions", limit=10)
    assert left(tmp_path, "zinnia", "T1/U1", "/U1") == set()
    assert json.loads(decision)["reason"] == "It is so", "what is kept without who stays"


async def test_a_mention_that_asked_to_forget_and_comes_again_leaves_nothing_either(
    slack: Slack, tmp_path: Path
) -> None:
    everybody(slack)
    async with coaching(slack, tmp_path, "http") as coached:
        ts = await by_mention(slack)
        await forgotten(slack)
        await idle(coached)
        await slack.redeliver(ts)
        await idle(coached)
    assert left(tmp_path, "T1/U1", "/U1") == set()


async def test_clicks_after_forgetting_bring_nothing_back(slack: Slack, tmp_path: Path) -> None:
    dm = slack.dm_of("U1")
    async with coaching(slack, tmp_path, "http") as coached:
        await busy_person(coached)
        await by_direct_message(slack)
        await forgotten(slack)
        card = next(each for each in said(slack, "U1", dm) if "You wrote" in each.plain)
        await slack.click("U1", dm, card.ts, "review.unmeant")
        await told(slack, "U1", dm, "This review is not kept any more")
        answer = next(each for each in said(slack, "U1", dm) if "[Good]" in each.plain)
        await slack.click("U1", dm, answer.ts, "feedback", "bad")
        await told(slack, "U1", dm, "There is no answer here to rate")
    assert left(tmp_path, "zinnia", "T1/U1", "/U1") == set()


async def test_forgetting_one_person_leaves_another_alone(slack: Slack, tmp_path: Path) -> None:
    dm = slack.dm_of("U2")
    async with coaching(slack, tmp_path, "socket") as coached:
        await busy_person(coached)
        await slack.say("U2", dm, "review Our tiles last forever, petunia.")
        await draft_of(slack, "U2")
        await by_direct_message(slack)
        await forgotten(slack)
        card = next(each for each in said(slack, "U2", dm) if "You wrote" in each.plain)
        await slack.click("U2", dm, card.ts, "review.unmeant")
        await told(slack, "U2", dm, "Not what you meant")
    assert left(tmp_path, "zinnia", "T1/U1", "/U1") == set()


async def test_a_question_under_way_when_its_person_is_forgotten_is_forgotten_when_it_has_ended(
    slack: Slack, tmp_path: Path
) -> None:
    go_on, dm = asyncio.Event(), slack.dm_of("U1")
    async with coaching(slack, tmp_path, "http", engine=ScriptedEngine(go_on, ANSWER)) as coached:
        await slack.say("U1", dm, QUESTION)
        await slack.until(lambda: slack.status_log)
        await by_direct_message(slack)
        await forgotten(slack)
        go_on.set()
        await told(slack, "U1", dm, ANSWER)
        await idle(coached)
    assert left(tmp_path, "T1/U1", "/U1", "gutters be cleared") == set()
