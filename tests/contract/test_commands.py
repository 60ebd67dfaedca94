"""The guide, help, forgetting, and what is no command."""

import pytest

from bot.core.admin_commands import ADMIN_HELP
from bot.core.commands import HELP
from tests.contract.channel import Coached
from tests.contract.differences import UNKNOWN, Thing, having
from tests.contract.seeing import sees
from tests.contract.shown import Guided, Helped, Row, Told

pytestmark = pytest.mark.asyncio(loop_scope="session")
typing = pytest.mark.parametrize("coached", having(Thing.COMMANDS), indirect=True)

LEAKS = Row("This roof never leaks", "This roof is guaranteed for ten years", "No roof never leaks")
TILES = Row("Our tiles last forever", "Our tiles last sixty years", "The warranty says sixty")
COMMANDS = tuple((entry.usage, entry.does) for entry in HELP)
LESSONS = ("Roof care",)


@pytest.mark.parametrize(
    ("words", "rows"), [("", (LEAKS, TILES)), ("tiles", (TILES,)), ("typewriters", ())], ids=["all", "some", "none"]
)
async def test_the_guide_is_shown_and_searched(coached: Coached, words: str, rows: tuple[Row, ...]) -> None:
    rep = await coached.person()
    await rep.guide(words)
    await sees(rep, Guided(rows))


@typing
async def test_help_tells_each_what_they_can_do(coached: Coached) -> None:
    rep, admin = await coached.person(), await coached.person(is_admin=True)
    await rep.say("help")
    await sees(rep, Helped(COMMANDS, LESSONS))
    await admin.say("help")
    await sees(admin, Helped((*COMMANDS, *ADMIN_HELP), LESSONS))


@typing
@pytest.mark.parametrize("word", ["frobnicate", "/frobnicate"])
async def test_a_word_that_is_no_command_gets_help_that_says_so(coached: Coached, word: str) -> None:
    rep = await coached.person()
    await rep.say(word)
    await sees(rep, Helped(COMMANDS, LESSONS, about=word))


@pytest.mark.parametrize("coached", having(Thing.EMPTY), indirect=True)
async def test_nothing_at_all_gets_help(coached: Coached) -> None:
    rep = await coached.person()
    await rep.say("   ")
    await sees(rep, Helped(COMMANDS, LESSONS))


@pytest.mark.parametrize("coached", having(Thing.EMPTY_DRAFT), indirect=True)
async def test_a_draft_without_words_is_told_so(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review(" \n ")
    await sees(rep, Told("The draft is empty: write or paste its text."))


@typing
async def test_forget_me_counts_what_it_erases_and_leaves_nothing_to_follow_up_on(coached: Coached) -> None:
    rep = await coached.person()
    await rep.ask("How should gutters be cleared in autumn?")
    await rep.say("forget me")
    await sees(rep, Told("Forgotten: 1 answer."))
    await rep.ask("Why is it so?")
    await sees(rep, UNKNOWN)
    await rep.say("forget me")
    await sees(rep, Told("Forgotten: 1 answer."))
