"""What else a person writes to the coach in their personal chat, and how it greets them."""

import re
from pathlib import Path

import pytest

from tests.teams.coaching import (
    ADMIN,
    ANA,
    ANSWER,
    BEN,
    NASTY,
    QUESTION,
    answered,
    asked,
    chat_of,
    coaching,
    figures,
    idle,
    said,
    taken,
    until_rated,
)
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import account, oid
from tests.teams.serving import Served

SUGGESTED = ("What should I know about Gutters?",)
BOLD = "<b>leaves</b> & **more**"
WRITTEN = re.sub(r"([<>*&])", r"\\\1", BOLD)
"""The same as a lesson's author writes it, so that it is no markup there."""
LESSON = f"""---
title: 'Roofs {NASTY}'
---

Roofs want gutters.

## Autumn {WRITTEN}

Gutters fill in autumn.

## Field Language Guide

| Don't say | Do say | Why it matters |
|---|---|---|
| "Gutters {WRITTEN} clear themselves" | "Gutters \\*want\\* clearing" | Because \\[x\\](http://evil.example) |
"""

# Added by a person.


async def test_who_adds_the_coach_is_welcomed_once_with_questions_to_begin_with(coached: Served) -> None:
    teams = coached.teams
    chat = await teams.install(ANA)
    await idle(coached)
    welcome, begin_with = said(teams, ANA, chat)
    assert "any question — answered from the lessons" in welcome.plain
    assert (begin_with.plain, begin_with.suggestions) == ("Questions to begin with:", SUGGESTED)
    assert (taken(coached), coached.channel.measures().duplicates) == (1, 1)
    answer = await answered(coached, ANA, chat, begin_with.suggestions[0])
    assert answer.citations


async def test_who_adds_the_coach_again_is_not_told_everything_anew(coached: Served) -> None:
    chat = await coached.teams.install(ANA)
    await coached.teams.uninstall(ANA)
    await coached.teams.install(ANA)
    await idle(coached)
    assert len(said(coached.teams, ANA, chat)) == 2


async def test_everybody_who_adds_the_coach_is_welcomed(coached: Served) -> None:
    chats = {user: await coached.teams.install(user) for user in (ANA, BEN)}
    await idle(coached)
    assert [len(said(coached.teams, user, chat)) for user, chat in chats.items()] == [2, 2]


# Commands.


@pytest.mark.parametrize(("text", "about"), [("help", ""), ("Help!", ""), ("?", ""), ("/help", ""), ("/nope", "/nope")])
async def test_help_names_what_can_be_written(coached: Served, text: str, about: str) -> None:
    _, (helped, *more) = await asked(coached, ANA, chat_of(coached), text)
    assert helped.plain.startswith(f"There is no command {about}." if about else "any question — ")
    for words in ("review + a draft", "guide [words]", "forget me", "Lessons: Roof care"):
        assert words in helped.plain
    assert "prompts" not in helped.plain
    assert [each.suggestions for each in more] == ([] if about else [SUGGESTED])
    assert not helped.generated


async def test_an_admin_finds_the_versions_in_the_help(coached: Served) -> None:
    assert "prompts activate N REASON" in (await answered(coached, ADMIN, chat_of(coached, ADMIN), "help")).plain


async def test_the_guide_is_shown_whole_or_by_its_words(coached: Served) -> None:
    whole = await answered(coached, ANA, chat_of(coached), "guide")
    for words in ("This roof never leaks", "This roof is guaranteed for ten years", "No roof never leaks"):
        assert words in whole.plain
    some = await answered(coached, ANA, chat_of(coached), "guide tiles")
    assert "Our tiles last sixty years" in some.plain
    assert "never leaks" not in some.plain
    assert (await answered(coached, ANA, chat_of(coached), "guide windows")).plain == "The guide has no row on windows."


async def test_plus_one_rates_the_last_answer(coached: Served) -> None:
    chat = chat_of(coached)
    assert "no answer here to rate" in (await answered(coached, ANA, chat, "+1")).plain
    await answered(coached, ANA, chat, QUESTION)
    assert (await answered(coached, ANA, chat, "+1")).plain == "Noted: that answer was good."
    assert (await answered(coached, ANA, chat, "-1")).plain == "Noted: that answer was not good."
    did = await until_rated(coached, lambda did: did.down == 1)
    assert did.up == 0


async def test_in_a_group_chat_an_answer_is_rated_in_words_by_its_asker_alone(coached: Served) -> None:
    group = coached.teams.group("G", ANA, BEN)
    await answered(coached, ANA, group, QUESTION)
    await answered(coached, BEN, group, "-1")
    assert (await answered(coached, ANA, group, "+1")).plain == "Noted: that answer was good."
    did = await figures(coached)
    assert (did.up, did.down) == (1, 0)


def left(place: Path, *words: str) -> set[str]:
    """Names the state's files that hold any of the words."""
    files = [each for each in (place / "knowledge-state").iterdir() if each.is_file()]
    return {f"{word} in {each.name}" for each in files for word in words if word.encode() in each.read_bytes()}


@pytest.mark.usefixtures("at_once")
async def test_forget_me_leaves_nothing_of_the_person(tmp_path: Path, teams: Teams) -> None:
    chat = teams.personal(ANA)
    async with coaching(teams, tmp_path) as coached:
        answer = await answered(coached, ANA, chat, f"{QUESTION} Ask zinnia.")
        await teams.react(ANA, answer.id, "like")
        review = await answered(coached, ANA, chat, "review Our tiles last forever, zinnia.")
        await teams.press(ANA, review.id, "review.unmeant")
        await teams.extension(ANA, chat)
        await teams.submit(ANA, "Review", {"draft": "Our tiles last forever, zinnia."})
        await idle(coached)
        assert left(tmp_path, "zinnia", oid(ANA)), "or there is nothing to see here"
        assert (await answered(coached, ANA, chat, "forget me")).plain == "Forgotten: 1 answer."
        await teams.react(ANA, answer.id, "dislike", "zinnia")
        await teams.press(ANA, review.id, "review.use")
        assert teams.told == ["This review is not kept any more: send the draft once more."]
    assert left(tmp_path, "zinnia", oid(ANA), account(ANA)) == set()


# Garbage.


@pytest.mark.parametrize("text", ["\u200b", "   ", "\x00", "\ud83d", "\u202egnp.exe", "<b></b>", "&nbsp;", "🙂" * 50])
async def test_whatever_is_written_is_answered(coached: Served, text: str) -> None:
    answer = await answered(coached, ANA, chat_of(coached), text)
    assert answer.plain.strip()
    assert "failed" not in answer.plain


async def test_a_very_long_text_is_answered(coached: Served) -> None:
    text = "gutters " * 3_000
    answer = await answered(coached, ANA, chat_of(coached), text)
    assert "failed" not in answer.plain
    assert answer.plain.strip()


@pytest.mark.usefixtures("at_once")
async def test_what_a_lesson_holds_is_shown_as_it_stands_and_leads_nowhere(tmp_path: Path, teams: Teams) -> None:
    chat = teams.personal(ANA)
    async with coaching(teams, tmp_path, lesson=LESSON) as coached:
        shown = [
            await answered(coached, ANA, chat, text)
            for text in ("guide", "help", "what fills in autumn?", f"review Gutters {BOLD} clear themselves.")
        ]
        await answered(coached, BEN, teams.personal(BEN), "Who won?")
    guide, helped, answer, review = shown
    assert "Gutters *want* clearing" in guide.plain
    assert "Because [x](http://evil.example)" in guide.plain
    assert f"Lessons: Roofs {NASTY}" in helped.plain
    begin_with = next(each for each in said(teams, ANA, chat) if each.suggestions)
    assert begin_with.suggestions == (f"What should I know about Autumn {BOLD}?",)
    assert answer.citations[0].name == f"roofs · Autumn {BOLD}"
    assert f"Gutters {BOLD} clear themselves" in review.plain
    assert [link for each in (*shown, *said(teams, BEN, teams.personal(BEN))) for link in each.links] == []


async def test_a_question_in_a_group_quotes_nobody_and_says_the_answer(coached: Served) -> None:
    group = coached.teams.group("G", ANA, BEN)
    answer = await answered(coached, ANA, group, f"{NASTY} {QUESTION}")
    assert answer.plain.startswith(ANSWER)
