"""Who sends more than the coach takes, in Teams."""

from pathlib import Path

import pytest

from bot.core.rates import RateLimits
from tests.fakes import LESSON, small_app
from tests.piecewise import Piecewise, question
from tests.teams.coaching import ANA, chat_of, idle
from tests.teams.loopback.server import Teams
from tests.teams.serving import served


@pytest.mark.usefixtures("at_once")
async def test_a_message_too_many_gets_a_line_and_another_attempt_is_no_message(teams: Teams, tmp_path: Path) -> None:
    engine = Piecewise()
    engine.failures = 1
    (tmp_path / "roofs.md").write_text(LESSON, encoding="utf-8")
    app = small_app(tmp_path, engine=engine, limits=RateLimits(person=1))
    async with served(teams, app, first_pause=0.001) as coached:
        chat = chat_of(coached)
        for mark in ("one", "two"):
            await teams.say(ANA, chat, question(mark))
            await idle(coached)
        _, answer, _, refusal = [seen.plain for seen in teams.seen(ANA, chat)]
    assert engine.begun == ["one", "one"]
    assert answer.startswith("In case one it is so.")
    assert refusal.startswith("I take 1 messages a minute from one person. Please send it again in ")
