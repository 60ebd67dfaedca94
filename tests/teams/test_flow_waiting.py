"""Who cannot be answered at once, in Teams."""

from pathlib import Path

import pytest

from tests.fakes import LESSON, small_app
from tests.piecewise import Piecewise, question
from tests.teams.coaching import ADMIN, ANA, BEN, chat_of
from tests.teams.loopback.server import Teams
from tests.teams.serving import served
from tests.web.waiting import until

BUSY = "The coach is busy: you are number 2. Your answer comes by itself."


@pytest.mark.usefixtures("at_once")
async def test_who_waits_long_in_a_personal_chat_is_told_their_number_once(
    teams: Teams, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.teams.channel.TELL_AFTER_SECONDS", 0.2)
    monkeypatch.setattr("bot.channels.teams.channel.TELL_BEYOND", 1)
    engine = Piecewise()
    engine.gate.clear()
    (tmp_path / "roofs.md").write_text(LESSON, encoding="utf-8")
    async with served(teams, small_app(tmp_path, engine=engine), at_once=1) as coached:
        chats = {user: chat_of(coached, user) for user in (ANA, BEN, ADMIN)}

        def said(user: str) -> list[str]:
            return [seen.plain for seen in teams.seen(user, chats[user])]

        async def one_waits() -> bool:
            return (await coached.app.store.inbox.depth()).waiting == 1

        await teams.say(ANA, chats[ANA], question("one"))
        await until(lambda: engine.begun == ["one"])
        await teams.say(BEN, chats[BEN], question("two"))
        await until(one_waits)
        await teams.say(ADMIN, chats[ADMIN], question("three"))
        await until(lambda: BUSY in said(ADMIN))  # who is looked at last
        engine.gate.set()
        await until(lambda: len(said(ADMIN)) == 3)
        assert said(ADMIN).count(BUSY) == 1
        assert not any("busy" in each for user in (ANA, BEN) for each in said(user))
