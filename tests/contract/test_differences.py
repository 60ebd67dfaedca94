"""What a person is told in a channel that lacks something; that it lacks it, the other tests show."""

import pytest

from tests.contract.channel import Coached
from tests.contract.differences import CHANNELS, DIFFERENCES, Thing, lacking, told
from tests.contract.seeing import sees, sees_exactly
from tests.contract.shown import Change, Reviewed

in_session = pytest.mark.asyncio(loop_scope="session")

TILES = Change("Our tiles last forever.", "Our tiles last sixty years.", ("The warranty says sixty",))
COMMANDS = ("help", "forget me", "+1", "prompts", "prompts activate 2 clearer", "rollback too long", "/frobnicate")


def where(thing: Thing) -> pytest.MarkDecorator:
    """In each channel that lacks it."""
    return pytest.mark.parametrize("coached", lacking(thing), indirect=True)


@in_session
@where(Thing.COMMANDS)
async def test_where_there_are_no_commands_their_words_are_a_question(coached: Coached) -> None:
    admin = await coached.person(is_admin=True)
    for command in COMMANDS:
        await admin.ask(command)
        await sees_exactly(admin, told(coached.name, Thing.COMMANDS))


@in_session
@where(Thing.EMPTY)
async def test_nothing_at_all_gets_what_the_channel_says_of_it(coached: Coached) -> None:
    rep = await coached.person()
    await rep.say("   ")
    await sees_exactly(rep, told(coached.name, Thing.EMPTY))


@in_session
@where(Thing.EMPTY_DRAFT)
async def test_a_draft_without_words_gets_what_the_channel_says_of_it(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review("  \n ")
    await sees_exactly(rep, told(coached.name, Thing.EMPTY_DRAFT))


@in_session
@where(Thing.BLANKS)
async def test_where_blanks_are_lost_the_words_are_not(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review("\tTab  and  two \n\u200bnone\u00a0hard\nOur tiles last forever.")
    draft = "Tab and two\nnone hard\nOur tiles last sixty years."
    await sees(rep, Reviewed(count=1, changes=(TILES,), draft=draft, version=1))


@in_session
@where(Thing.TURNS)
async def test_what_turns_text_around_is_shown_by_a_sign_or_its_escape(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review("\u202etxet eht\u202c\nOur tiles last forever.")
    begin, end = ("\\u202e", "\\u202c") if coached.name == "terminal" else ("\N{REPLACEMENT CHARACTER}",) * 2
    draft = f"{begin}txet eht{end}\nOur tiles last sixty years."
    await sees(rep, Reviewed(count=1, changes=(TILES,), draft=draft, version=1))


def test_every_difference_is_one_of_a_channel_and_said_once() -> None:
    named = [(each.channel, each.thing) for each in DIFFERENCES]
    assert len(named) == len(set(named))
    assert {channel for channel, _ in named} <= set(CHANNELS)
