"""Who cannot be answered at once, in Teams."""

from pathlib import Path

import pytest

from tests.fakes import LESSON, small_app
from tests.piecewise import Piecewise, question
from tests.teams.coaching import ANA, BEN, chat_of
from tests.teams.loopback.server import Teams
from tests.teams.serving import served
from tests.web.waiting import until

BUSY = "The coach is busy: you are number 1. Your answer comes by itself."


@pytest.mark.usefixtures("at_once")
async def test_who_waits_in_a_personal_chat_is_told_their_number_once(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.teams.channel.TELL_AFTER_SECONDS", 0.2)
    engine = Piecewise()
    engine.gate.clear()
    (tmp_path / "roofs.md").write_text(LESSON, encoding="utf-8")
    async with served(teams, small_app(tmp_path, engine=engine), at_once=1) as coached:
        first, second = chat_of(coached, ANA), chat_of(coached, BEN)
        await teams.say(ANA, first, question("one"))
        await until(lambda: engine.begun == ["one"])
        await teams.say(BEN, second, question("two"))
        await until(lambda: BUSY in [seen.plain for seen in teams.seen(BEN, second)])
        engine.gate.set()
        await until(lambda: len(teams.seen(BEN, second)) == 3)
        said = [seen.plain for seen in teams.seen(BEN, second)]
        assert said.count(BUSY) == 1
        assert not any("busy" in seen.plain for seen in teams.seen(ANA, first))
