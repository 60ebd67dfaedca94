"""What a person says an answer was worth, and where its admins see that."""

import pytest

from bot.core.messages import Reaction
from tests.contract.channel import Channel, Coached
from tests.contract.differences import Thing, having
from tests.contract.seeing import sees
from tests.contract.shown import Told, Version, Versions

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = "How should gutters be cleared in autumn?"
typing = pytest.mark.parametrize("coached", having(Thing.COMMANDS), indirect=True)


async def sees_counted(admin: Channel, *, replies: int = 1, up: int = 0, down: int = 0) -> None:
    """Asserts that an admin sees what the live version did."""
    live = Version(1, "the first words", is_live=True, replies=replies, up=up, down=down)
    await sees(admin, Versions((Version(2, "the second words"), live)), saying="prompts")


async def test_an_answer_is_rated_beside_it_and_the_last_word_counts(coached: Coached) -> None:
    rep, admin = await coached.person(), await coached.overseer()
    await rep.ask(QUESTION)
    await rep.rate("up")
    await sees_counted(admin, up=1)
    await rep.rate("up")
    await rep.rate("down")
    await sees_counted(admin, down=1)


@typing
@pytest.mark.parametrize(("typed", "reaction"), [("+1", "up"), ("\N{THUMBS DOWN SIGN}", "down")])
async def test_a_thumb_can_be_typed(coached: Coached, typed: str, reaction: Reaction) -> None:
    rep, admin = await coached.person(), await coached.overseer()
    await rep.ask(QUESTION)
    await rep.say(typed)
    await sees(rep, Told(f"Noted: that answer was {'good' if reaction == 'up' else 'not good'}."))
    await sees_counted(admin, **{reaction: 1})


@typing
async def test_a_thumb_without_an_answer_is_told_so(coached: Coached) -> None:
    rep = await coached.person()
    await rep.say("+1")
    await sees(rep, Told("There is no answer here to rate, or not any more."))
