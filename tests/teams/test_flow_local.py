"""The coach beside a Teams on the same machine that signs nothing: everything works as it does in Teams."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.teams.coaching import ADMIN, ANA, BEN, DRAFT, QUESTION, REWRITTEN, answered, chat_of, coaching, figures, said
from tests.teams.loopback.server import Teams
from tests.teams.loopback.state import Settings
from tests.teams.loopback.workspace import Upload
from tests.teams.moving import ACTIVATE, MADE, acts, by_card
from tests.teams.reviewing import FIRST_KEPT, all_shown, review_of, rewritten, sent
from tests.teams.serving import Served


@pytest.fixture
async def coached(at_once: None, tmp_path: Path) -> AsyncIterator[Served]:  # noqa: ARG001
    unsigned = Teams(signed=False, settings=Settings(stream_interval=0.0))
    async with unsigned as teams, coaching(teams, tmp_path, "local") as coached:
        yield coached
        assert teams.failures == []


async def test_an_answer_is_rated(coached: Served) -> None:
    answer = await answered(coached, ANA, chat_of(coached), QUESTION)
    await coached.teams.react(ANA, answer.id, "like", "Good")
    assert (await figures(coached)).up == 1


async def test_a_review_follows_its_choices(coached: Served) -> None:
    (review,) = await review_of(coached)
    await coached.teams.press(ANA, review.id, "review.unmeant", data={"place": 0})
    assert rewritten(coached) == FIRST_KEPT
    await all_shown(coached, review)


async def test_a_file_of_this_machine_is_read(coached: Served) -> None:
    await sent(coached, Upload("draft.txt", DRAFT.encode()))
    assert rewritten(coached) == REWRITTEN


async def test_the_extension_opens_and_fills_the_compose_box(coached: Served) -> None:
    await coached.teams.extension(ANA, chat_of(coached))
    await coached.teams.submit(ANA, "Review", {"draft": DRAFT})
    await coached.teams.submit(ANA, "Put it into my message")
    assert coached.teams.compose_of(ANA)


async def test_an_admin_moves_a_version(coached: Served) -> None:
    waiting = await by_card(coached, ADMIN, ACTIVATE)
    assert "Version 2 is live" in await waiting.confirm()
    assert await acts(coached.app) == [MADE]


async def test_a_draft_in_a_group_comes_to_the_personal_chat(coached: Served) -> None:
    chat = chat_of(coached)
    await answered(coached, ANA, coached.teams.group("G", ANA, BEN), DRAFT)
    assert rewritten(coached) == REWRITTEN
    assert len(said(coached.teams, ANA, chat)) == 1
