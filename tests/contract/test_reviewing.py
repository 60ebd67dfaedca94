"""Drafts: what to change and why, the choices, and the rewritten draft that follows them."""

import pytest

from bot.core.choices import Choice
from tests.contract.channel import Coached
from tests.contract.coach import IN_WRITING
from tests.contract.differences import Thing, having
from tests.contract.seeing import sees
from tests.contract.shown import Change, Note, Reviewed

pytestmark = pytest.mark.asyncio(loop_scope="session")

TILES = Change("Our tiles last forever.", "Our tiles last sixty years.", ("The warranty says sixty",))
LEAKS = Change("This roof never leaks.", IN_WRITING, ("No roof never leaks",))
DRAFT = f"Hi Dana,\n\n{TILES.wrote} {LEAKS.wrote} See you on Monday.\n\nBest,\nAnn"
choosing = pytest.mark.parametrize("coached", having(Thing.USE, Thing.KEEP), indirect=True)


def reviewed(*changes: Change, draft: str = DRAFT) -> Reviewed:
    """A review of `draft` that has these changes."""
    for change in changes:
        if change.stands:
            draft = draft.replace(change.wrote, change.instead)
    return Reviewed(count=len(changes), changes=changes, draft=draft, version=1)


def kept(change: Change, reason: str = "") -> Change:
    """The same as its writer has it who keeps their own words."""
    return Change(change.wrote, change.instead, change.why, stands=False, reason=reason)


async def test_a_review_says_what_to_say_instead_and_why_and_gives_the_draft(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review(DRAFT)
    await sees(rep, reviewed(TILES, LEAKS))


async def test_what_is_not_certain_stands_apart_and_stays_as_it_is(coached: Coached) -> None:
    rep = await coached.person()
    draft = f"{LEAKS.wrote} Is it true that our tiles last forever?"
    await rep.review(draft)
    note = Note("Is it true that our tiles last forever?", "Our tiles last sixty years", TILES.why)
    shown = reviewed(LEAKS, draft=draft)
    await sees(rep, Reviewed(shown.count, shown.changes, (note,), shown.draft, shown.version))


async def test_two_claims_of_one_sentence_are_one_change_with_both_reasons(coached: Coached) -> None:
    rep = await coached.person()
    both = Change("Our tiles last forever and this roof never leaks.", IN_WRITING, (*LEAKS.why, *TILES.why))
    await rep.review(f"Hi,\n{both.wrote}")
    await sees(rep, reviewed(both, draft=f"Hi,\n{both.wrote}"))


async def test_a_draft_without_claims_is_said_to_need_nothing(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review("Hi Dana,\n\nSee you on Monday.\n")
    await sees(rep, Reviewed(count=0, version=1))


@pytest.mark.parametrize("coached", having(Thing.NOT_MEANT), indirect=True)
async def test_words_that_were_not_meant_stay_and_the_draft_follows(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review(DRAFT)
    await rep.choose(1, Choice.NOT_MEANT)
    await sees(rep, reviewed(TILES, kept(LEAKS)))


@pytest.mark.parametrize("coached", having(Thing.REASON), indirect=True)
async def test_words_that_are_kept_stay_with_the_reason_why(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review(DRAFT)
    await rep.choose(0, Choice.KEEP, "They *are* <b>guaranteed</b> & sold")
    await sees(rep, reviewed(kept(TILES, "They *are* <b>guaranteed</b> & sold"), LEAKS))


@pytest.mark.parametrize("coached", having(Thing.COMMANDS), indirect=True)
async def test_a_pasted_e_mail_is_a_draft_without_being_called_one(coached: Coached) -> None:
    rep = await coached.person()
    await rep.say(DRAFT)
    await sees(rep, reviewed(TILES, LEAKS))


@choosing
async def test_the_draft_follows_every_change_of_mind(coached: Coached) -> None:
    rep = await coached.person()
    await rep.review(DRAFT)
    await rep.choose(0, Choice.KEEP)
    await sees(rep, reviewed(kept(TILES), LEAKS))
    await rep.choose(1, Choice.KEEP)
    await sees(rep, reviewed(kept(TILES), kept(LEAKS)))
    await rep.choose(0, Choice.USE)
    await sees(rep, reviewed(TILES, kept(LEAKS)))


async def test_a_long_draft_comes_back_whole(coached: Coached) -> None:
    rep = await coached.person()
    paragraphs = [
        f"Paragraph {number} of the offer says what it says. {'And more, so it goes. ' * 12}So much for that."
        for number in range(40)
    ]
    draft = "\n\n".join([*paragraphs[:20], TILES.wrote, *paragraphs[20:], LEAKS.wrote, "Bye."])
    await rep.review(draft)
    await sees(rep, reviewed(TILES, LEAKS, draft=draft))


ODD = [
    "<b>Hi</b> & *all* _of_ `you`, [x](http://x) <at>Bo</at> @here &amp; ~no~ > so\n# 1\n- two\n1. three\n",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467 e\u0301 \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \ufdfa"
    " \u3000 z\u0335\u0321 \ufb01 \U0001d4d0\n\n\n\n",
]
BLANKS = "\tTab  and  two \n\u200bnone\u00a0hard\n"


@pytest.mark.parametrize("odd", ODD, ids=["markup", "unicode"])
async def test_an_odd_draft_keeps_every_character_that_is_not_replaced(coached: Coached, odd: str) -> None:
    rep = await coached.person()
    draft = f"{odd}{LEAKS.wrote}"
    await rep.review(draft)
    await sees(rep, reviewed(LEAKS, draft=draft))


@pytest.mark.parametrize("coached", having(Thing.BLANKS), indirect=True)
async def test_a_draft_keeps_every_blank(coached: Coached) -> None:
    rep = await coached.person()
    draft = f"{BLANKS}{LEAKS.wrote}"
    await rep.review(draft)
    await sees(rep, reviewed(LEAKS, draft=draft))


@pytest.mark.parametrize("coached", having(Thing.TURNS), indirect=True)
async def test_a_draft_keeps_what_turns_its_text_around(coached: Coached) -> None:
    rep = await coached.person()
    draft = f"\u202etxet eht\u202c\n{LEAKS.wrote}"
    await rep.review(draft)
    await sees(rep, reviewed(LEAKS, draft=draft))
