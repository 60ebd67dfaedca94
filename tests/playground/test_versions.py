import pytest
from playwright.async_api import expect

from tests.playground.conftest import Stage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_admin_makes_a_version_live_by_pressing_and_confirming(stage: Stage) -> None:
    robin = stage.robin
    await robin.say("prompts")
    card = robin.reply("● Version 1")
    await card.get_by_role("button", name="Make version 2 live").click()
    await card.get_by_label("Why?").first.fill("it says where the line stands")
    await card.get_by_role("button", name="Next").click()
    card = robin.reply("and say where it stands")
    assert (await stage.app.history.standing()).live == 1
    await card.get_by_role("button", name="Make version 2 live").click()
    await expect(robin.reply("Version 2 is live")).to_be_visible()
    assert (await stage.app.history.standing()).live == 2
    await expect(robin.page.get_by_role("button", name="Make version 2 live")).to_have_count(0)
