"""What is somebody's own: asked for where others are, it comes to their personal chat, and nobody else sees it."""

import json

import pytest

from tests.teams.coaching import (
    ADMIN,
    ANA,
    ANSWER,
    BEN,
    DRAFT,
    QUESTION,
    answered,
    asked,
    calls_to,
    chat_of,
    idle,
    said,
    shown_to_others,
)
from tests.teams.loopback.workspace import Upload
from tests.teams.reviewing import FIRST_KEPT, rewritten
from tests.teams.serving import Served

SECRETS = ("sixty years", "last forever", "never leaks", "guaranteed", "Dana")
"""Words of the draft and of its review."""
ELSEWHERE = "It is in your personal chat with the coach."
CANNOT_WRITE = "I cannot write to you yet: open a personal chat with Field Coach"


def leaks(coached: Served, who: str = ANA) -> list[str]:
    """Every way in which others could have seen anything of the draft."""
    return [leak for secret in SECRETS for leak in shown_to_others(coached, secret, who=who)]


def place(coached: Served, kind: str) -> str:
    """Where Ana and others are."""
    return getattr(coached.teams, kind)("X", ANA, BEN, ADMIN)  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", ["group", "channel"])
@pytest.mark.parametrize("text", [f"review {DRAFT}", DRAFT])
async def test_a_draft_is_reviewed_in_the_personal_chat_and_the_others_read_one_line(
    coached: Served, kind: str, text: str
) -> None:
    chat, there = chat_of(coached), place(coached, kind)
    assert (await answered(coached, ANA, there, text)).plain == ELSEWHERE
    (review,) = said(coached.teams, ANA, chat)
    assert review.plain.startswith("2 sentences say")
    assert not review.streaming
    assert leaks(coached) == []
    assert [each.plain for each in said(coached.teams, BEN, there)] == [ELSEWHERE]
    assert {each.conversation for each in coached.teams.statuses} == {chat}


async def test_a_draft_in_a_thread_of_answers_is_reviewed_in_private(coached: Served) -> None:
    chat_of(coached)
    channel = place(coached, "channel")
    root, _ = await asked(coached, ANA, channel, QUESTION)
    _, (line,) = await asked(coached, ANA, channel, f"review {DRAFT}", root=root)
    assert (line.plain, line.thread) == (ELSEWHERE, f"{channel};messageid={root}")
    assert leaks(coached) == []


async def test_choices_about_such_a_review_are_seen_by_nobody_else(coached: Served) -> None:
    chat, group = chat_of(coached), place(coached, "group")
    await answered(coached, ANA, group, f"review {DRAFT}")
    (review,) = said(coached.teams, ANA, chat)
    await coached.teams.press(ANA, review.id, "review.keep", {"reason0": "guaranteed by Dana"}, {"place": 0})
    await coached.teams.until(lambda: calls_to(coached, "update"))
    assert rewritten(coached) == FIRST_KEPT
    assert leaks(coached) == []


@pytest.mark.parametrize("kind", ["group", "channel"])
async def test_who_has_not_added_the_coach_is_told_how_and_nothing_of_the_draft_is_shown(
    coached: Served, kind: str
) -> None:
    there = place(coached, kind)
    told = await answered(coached, ANA, there, f"review {DRAFT}")
    assert told.plain.startswith(CANNOT_WRITE)
    assert leaks(coached) == []
    chat = await coached.teams.install(ANA)
    await idle(coached)
    assert (await answered(coached, ANA, there, f"review {DRAFT}")).plain == ELSEWHERE
    assert said(coached.teams, ANA, chat)[-1].plain.startswith("2 sentences say")


async def test_who_does_not_let_the_coach_write_to_them_is_told_so_once(coached: Served) -> None:
    chat_of(coached)
    coached.teams.blocked.add(ANA)
    told = await answered(coached, ANA, place(coached, "group"), "forget me")
    assert told.plain.startswith(CANNOT_WRITE)


@pytest.mark.parametrize("text", ["forget me", "prompts", "rollback now", "prompts activate 2 why not"])
async def test_what_is_about_a_person_or_the_versions_is_answered_to_them_alone(coached: Served, text: str) -> None:
    chat, group = chat_of(coached), place(coached, "group")
    assert (await answered(coached, ANA, group, text)).plain == ELSEWHERE
    (own,) = said(coached.teams, ANA, chat)
    assert "Version 1" not in own.plain
    assert shown_to_others(coached, own.plain.splitlines()[0], who=ANA) == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("prompts", "Version 1"),
        ("prompts show 2", "Give the best line, and say where it stands."),
        ("prompts log", "published"),
        ("prompts activate 2 it says more", "Make version 2 live"),
    ],
)
async def test_what_an_admin_asks_for_where_others_are_is_shown_to_the_admin_alone(
    coached: Served, text: str, shown: str
) -> None:
    chat, group = chat_of(coached, ADMIN), place(coached, "group")
    assert (await answered(coached, ADMIN, group, text)).plain == ELSEWHERE
    (own,) = said(coached.teams, ADMIN, chat)
    assert shown in own.plain
    for words in ("ersion 1", "ersion 2", "first words", "second words", "admins"):
        assert shown_to_others(coached, words, who=ADMIN) == []


async def test_files_that_are_sent_where_others_are_never_reach_the_coach_which_says_nothing_of_them(
    coached: Served,
) -> None:
    """Teams hands a bot no files of group chats and channels."""
    chat, teams = chat_of(coached), coached.teams
    group = place(coached, "group")
    await teams.say(ANA, group, "review", files=[Upload("secret.txt", DRAFT.encode())])
    await idle(coached)
    assert [each.plain for each in said(teams, BEN, group)] == [ELSEWHERE]
    (own,) = said(teams, ANA, chat)
    assert "draft is empty" in own.plain
    assert shown_to_others(coached, "secret.txt", who=ANA) == []


async def test_in_a_personal_chat_nothing_is_said_anywhere_else(coached: Served) -> None:
    chat = chat_of(coached)
    place(coached, "group")
    assert (await answered(coached, ANA, chat, QUESTION)).plain.startswith(ANSWER)
    await answered(coached, ANA, chat, DRAFT)
    assert [call.path for call in coached.teams.calls if f"/{chat}/" not in call.path] == []
    assert calls_to(coached, "create") == []


async def test_the_personal_chat_is_opened_with_the_asker_and_in_their_tenant(coached: Served) -> None:
    chat_of(coached)
    activity = coached.teams.delivered((await asked(coached, ANA, place(coached, "group"), f"review {DRAFT}"))[0])
    (call,) = calls_to(coached, "create")
    assert [each["id"] for each in call.body["members"]] == [activity["from"]["id"]]
    assert call.body["channelData"]["tenant"]["id"] == activity["conversation"]["tenantId"]
    assert "Dana" not in json.dumps(call.body)
