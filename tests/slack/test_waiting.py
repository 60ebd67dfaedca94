"""Who cannot be answered at once, in Slack."""

from pathlib import Path

import pytest

from tests.fakes import LESSON, small_app
from tests.piecewise import Piecewise, question
from tests.slack.loopback.server import Slack
from tests.slack.serving import MODES, served
from tests.slack.watching import replies
from tests.web.waiting import until

BUSY = "The coach is busy: you are number 1."


@pytest.mark.parametrize("mode", MODES)
async def test_who_waits_is_told_their_number_below_their_message(
    slack: Slack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    monkeypatch.setattr("bot.channels.waiting.PAUSES", (0.05,) * 400)
    (tmp_path / "roofs.md").write_text(LESSON, encoding="utf-8")
    engine = Piecewise()
    engine.gate.clear()
    async with served(slack, small_app(tmp_path, engine=engine), mode, at_once=1):
        first, second = slack.dm_of("U1"), slack.dm_of("U2")
        await slack.say("U1", first, question("one"))
        await until(lambda: engine.begun == ["one"])
        ts = await slack.say("U2", second, question("two"))
        await until(lambda: slack.status(second, ts) == BUSY)
        engine.gate.set()
        await replies(slack, "U2", second)
        assert not [text for channel, _, text in slack.status_log if channel == first and "busy" in text]
        assert slack.failures == []
