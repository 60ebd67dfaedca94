""" "Review phrasing" in Teams, on a message and where one is written: a dialog that only who opened it sees."""

import asyncio
import json
from pathlib import Path

import pytest

from bot.channels.teams.invokes import extension
from bot.channels.teams.render.dialog import MAX_TYPED
from bot.core.state import Outcome, StoreAwayError
from tests.fakes import FirstRowSplicer
from tests.teams.coaching import (
    ANA,
    BEN,
    DRAFT,
    REWRITTEN,
    chat_of,
    coaching,
    fields,
    idle,
    logged,
    person,
    said,
    taken,
)
from tests.teams.loopback import cards
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import TENANT
from tests.teams.reviewing import CLOSED, FIRST_KEPT, SUMMARY
from tests.teams.serving import Served

ELSEWHERE = "0d9ad6b6-7c54-4b1e-9d3e-5b2a0c1f7e55"
"""Another company's tenant."""
AWAY = "The coach's store is away: try once more in a moment."


def group(coached: Served) -> str:
    return coached.teams.group("G", ANA, BEN)


def drafted(coached: Served, user: str = ANA) -> str:
    """The rewritten draft in somebody's dialog."""
    return "".join(fields(coached.teams.dialog_of(user).card, "Rewritten draft"))


async def on_a_message(coached: Served, text: str = DRAFT, *, html: str | None = None) -> None:
    """Ana opens the extension on what Ben wrote to her."""
    there = group(coached)
    message = await coached.teams.say(BEN, there, text, mention=False, html=html)
    assert (await coached.teams.extension(ANA, there, message=message)).status == 200


async def composed(coached: Served, draft: str = DRAFT) -> None:
    """Ana opens it where she writes, and pastes a draft."""
    assert (await coached.teams.extension(ANA, group(coached))).status == 200
    assert (await coached.teams.submit(ANA, "Review", {"draft": draft})).status == 200


# Opened.


async def test_on_a_message_its_review_is_shown_to_who_asked_alone(coached: Served) -> None:
    await on_a_message(coached)
    dialog = coached.teams.dialog_of(ANA)
    assert dialog.plain.splitlines()[:3] == ["Review phrasing", SUMMARY, "1. You wrote"]
    assert drafted(coached) == REWRITTEN
    await idle(coached)
    assert coached.teams.calls == []
    assert set(coached.teams.dialogs) == {ANA}
    assert coached.teams.failures == []


async def test_a_message_is_reviewed_as_its_author_wrote_it(coached: Served) -> None:
    html = (
        '<p>Hi <at id="0">Dana</at>,</p><p>&nbsp;</p><p>Our <strong>tiles</strong> last forever.</p>'
        "<ul><li>R&amp;D &lt;b&gt;</li></ul>"
    )
    await on_a_message(coached, "Hi Dana, Our tiles last forever. R&D", html=html)
    assert drafted(coached) == "Hi @Dana,\n\nOur tiles last sixty years.\n- R&D <b>"


async def test_where_a_message_is_written_a_draft_is_pasted_first(coached: Served) -> None:
    await coached.teams.extension(ANA, group(coached))
    label = "Your draft, at most 20,000 characters"
    assert coached.teams.dialog_of(ANA).plain.splitlines() == ["Review phrasing", label, "[Review]"]
    await coached.teams.submit(ANA, "Review", {"draft": DRAFT})
    assert SUMMARY in coached.teams.dialog_of(ANA).plain
    assert drafted(coached) == REWRITTEN


@pytest.mark.parametrize("draft", ["", "  \n "])
async def test_a_form_without_a_draft_stays_and_asks_for_one(coached: Served, draft: str) -> None:
    await composed(coached, draft)
    title, told, *_, button = coached.teams.dialog_of(ANA).plain.splitlines()
    assert (title, told, button) == ("Review phrasing", "Paste a draft first.", "[Review]")
    assert taken(coached) == 0


@pytest.mark.parametrize("character", ["x", "\N{HONEYBEE}"])
async def test_the_longest_draft_that_a_form_takes_comes_in_whatever_it_consists_of(
    coached: Served, character: str
) -> None:
    await composed(coached, character * MAX_TYPED)
    assert "Nothing to change" in coached.teams.dialog_of(ANA).plain
    await coached.teams.extension(ANA, group(coached))
    with pytest.raises(ValueError, match="takes 20000 characters"):
        await coached.teams.submit(ANA, "Review", {"draft": character * (MAX_TYPED + 1)})
    assert coached.teams.failures == []


async def test_drafts_in_requests_without_an_id_are_reviewed_each(coached: Served) -> None:
    there = group(coached)
    for draft in ("Our tiles last forever.", "This roof never leaks."):
        await coached.teams.extension(ANA, there)
        opened = coached.teams.invokes[-1]
        value = {"commandId": "reviewPhrasing", "data": {"act": "review", "draft": draft}}
        sent = {**opened, "id": None, "name": "composeExtension/submitAction", "value": value}
        assert await coached.teams.post_raw(sent) == 200
    assert taken(coached) == 2


async def test_on_a_message_without_words_a_draft_is_pasted(coached: Served) -> None:
    await on_a_message(coached, "  ")
    assert "[Review]" in coached.teams.dialog_of(ANA).plain


async def test_a_draft_without_claims_is_told_so_and_there_is_nothing_to_insert(coached: Served) -> None:
    await composed(coached, "See you on Monday.")
    dialog = coached.teams.dialog_of(ANA)
    assert "Nothing to change: the draft makes no claim" in dialog.plain
    assert dialog.buttons == []


async def test_who_has_not_added_the_coach_has_their_message_reviewed_too(coached: Served) -> None:
    there = coached.teams.chat(ANA, BEN)
    message = await coached.teams.say(BEN, there, DRAFT)
    await coached.teams.extension(ANA, there, message=message)
    assert drafted(coached) == REWRITTEN
    assert coached.teams.calls == []


# Decided, and sent on.


async def test_choices_in_the_dialog_are_shown_there_and_go_into_the_message(coached: Served) -> None:
    teams = coached.teams
    await on_a_message(coached)
    await teams.submit(ANA, {"act": "keep", "place": 0}, {"reason0": "a quote", "show0": "true"})
    assert "You keep your words: a quote" in teams.dialog_of(ANA).plain
    assert drafted(coached) == FIRST_KEPT
    await teams.submit(ANA, {"act": "unmeant", "place": 1})
    await teams.submit(ANA, {"act": "use", "place": 1})
    assert "You use these words." in teams.dialog_of(ANA).plain
    assert drafted(coached) == FIRST_KEPT
    await teams.submit(ANA, "Put it into my message")
    inserted = teams.compose_of(ANA)
    assert inserted is not None
    assert cards.text(inserted) == FIRST_KEPT.replace("\n\n", "\n")
    assert ANA not in teams.dialogs
    kept = await logged(coached, "decisions")
    assert [(each["choice"], each["reason"], each["text"]) for each in kept] == [
        ("keep", "a quote", "Our tiles last forever."),
        ("not meant", "", None),
        ("use", "", None),
    ]
    assert person(ANA) not in json.dumps(kept)
    assert teams.failures == []


async def test_presses_at_once_are_all_taken(coached: Served) -> None:
    await on_a_message(coached)
    await asyncio.gather(*(coached.teams.submit(ANA, {"act": "unmeant", "place": place}) for place in (0, 1)))
    await coached.teams.submit(ANA, {"act": "unmeant", "place": 0})
    assert drafted(coached) == DRAFT
    assert len(await logged(coached, "decisions")) == 2


@pytest.mark.parametrize("data", [{"act": act} for act in ("use", "keep", "unmeant", "insert", "show")])
async def test_somebody_elses_review_is_neither_shown_nor_decided(coached: Served, data: dict[str, object]) -> None:
    await on_a_message(coached)
    review = coached.teams.dialog_of(ANA).buttons[0]["data"]["review"]
    value = {"data": {**data, "review": review, "place": 0}}
    answer = await coached.teams.invoke(BEN, group(coached), "composeExtension/submitAction", value)
    assert answer.status == 200
    assert "Dana" not in json.dumps(answer.body)
    assert CLOSED in json.dumps(answer.body) or "Only who sent the draft can decide on it." in json.dumps(answer.body)
    assert await logged(coached, "decisions") == []


@pytest.mark.parametrize("act", ["show", "insert", "use", "keep", "unmeant"])
@pytest.mark.parametrize("review", ["another channel's", "another's dialog", "nobody's"])
async def test_what_is_no_dialog_of_who_asks_is_not_even_looked_up(
    coached: Served, monkeypatch: pytest.MonkeyPatch, review: str, act: str
) -> None:
    await on_a_message(coached)
    own = coached.teams.dialog_of(ANA).buttons[0]["data"]["review"]
    ids = {"another channel's": "web:1", "another's dialog": own, "nobody's": "made up"}
    for part, asks in ((coached.app.store.records, "read"), (coached.app.store.inbox, "outcome")):
        monkeypatch.setattr(part, asks, away)
    value = {"data": {"act": act, "review": ids[review], "place": 0}}
    answer = await coached.teams.invoke(BEN, group(coached), "composeExtension/submitAction", value)
    assert CLOSED in json.dumps(answer.body)


@pytest.mark.parametrize("act", ["use", "keep", "unmeant", "insert"])
async def test_a_review_that_is_not_kept_any_more_is_told_so(coached: Served, act: str) -> None:
    await on_a_message(coached)
    await coached.app.store.records.forget(person(ANA))
    await coached.teams.submit(ANA, {"act": act})
    assert coached.teams.dialog_of(ANA).plain.splitlines() == ["Review phrasing", CLOSED]


# Waiting.


class Slow(FirstRowSplicer):
    """Waits before it proposes anything."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def edits(self, *given: object) -> tuple[object, ...]:  # type: ignore[override]
        await self.go_on.wait()
        return await super().edits(*given)  # type: ignore[arg-type]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    slow = Slow()
    monkeypatch.setattr("tests.fakes.FirstRowSplicer", lambda: slow)
    monkeypatch.setattr(extension, "WAIT_SECONDS", 0.1)
    return slow


@pytest.mark.usefixtures("at_once")
async def test_a_review_that_takes_longer_is_waited_for_and_shown_by_a_press(
    slow: Slow, tmp_path: Path, teams: Teams
) -> None:
    async with coaching(teams, tmp_path) as coached:
        await on_a_message(coached)
        for _ in range(2):
            assert "The draft is being reviewed." in teams.dialog_of(ANA).plain
            await teams.submit(ANA, "Show the review")
        slow.go_on.set()
        await idle(coached)
        await teams.submit(ANA, "Show the review")
        assert drafted(coached) == REWRITTEN
        assert taken(coached) == 1
        assert all(ack.seconds < 5 for ack in teams.acks)
        assert teams.failures == []


@pytest.mark.usefixtures("at_once")
async def test_a_dialog_that_waits_shows_nobody_else_the_review(slow: Slow, tmp_path: Path, teams: Teams) -> None:
    async with coaching(teams, tmp_path) as coached:
        await on_a_message(coached)
        value = {"data": teams.dialog_of(ANA).buttons[0]["data"]}
        slow.go_on.set()
        await idle(coached)
        answer = await teams.invoke(BEN, group(coached), "composeExtension/submitAction", value)
        assert CLOSED in json.dumps(answer.body)
        assert "Dana" not in json.dumps(answer.body)


@pytest.mark.usefixtures("at_once")
async def test_a_review_is_looked_for_at_once_soon_after_and_then_four_times_a_second(
    slow: Slow, tmp_path: Path, teams: Teams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(extension, "WAIT_SECONDS", 0.5)
    looked: list[str] = []
    async with coaching(teams, tmp_path) as coached:
        outcome = coached.app.store.inbox.outcome

        async def looking(id_: str) -> Outcome | None:
            looked.append(id_)
            return await outcome(id_)

        monkeypatch.setattr(coached.app.store.inbox, "outcome", looking)
        await on_a_message(coached)
        slow.go_on.set()
    assert 2 <= len(looked) <= 4


async def test_a_press_on_a_review_that_nobody_asked_for_is_told_so(coached: Served) -> None:
    value = {"data": {"act": "show", "review": "made up"}}
    answer = await coached.teams.invoke(ANA, group(coached), "composeExtension/submitAction", value)
    assert CLOSED in json.dumps(answer.body)


class Broken(FirstRowSplicer):
    """Fails on whatever it is given."""

    async def edits(self, *_: object) -> tuple[object, ...]:  # type: ignore[override]
        raise RuntimeError


@pytest.mark.usefixtures("at_once")
async def test_a_review_that_fails_is_told_in_plain_words(
    tmp_path: Path, teams: Teams, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fakes.FirstRowSplicer", Broken)
    monkeypatch.setattr("bot.core.worker.MAX_FAILURES", 1)
    async with coaching(teams, tmp_path) as coached:
        chat = chat_of(coached)
        await teams.extension(ANA, chat)
        await teams.submit(ANA, "Review", {"draft": DRAFT})
        told = teams.dialog_of(ANA).plain
        id_ = told.partition("coach inbox: ")[2].partition(")")[0]
        value = {"data": {"act": "show", "review": id_}}
        answers = [await teams.invoke(who, chat, "composeExtension/submitAction", value) for who in (ANA, BEN)]
    assert "The coach failed on this message again and again" in told
    assert id_.startswith(f"teams:{TENANT}/dialog/{chat}/"), "what its operator looks for, to the letter"
    assert ["again and again" in json.dumps(answer.body) for answer in answers] == [True, False]


# Too much.


async def test_a_review_that_is_too_much_for_a_dialog_says_where_all_of_it_is(coached: Served) -> None:
    draft = "\n".join(f"For site {number} our tiles last forever." for number in range(80))
    await composed(coached, draft)
    dialog = coached.teams.dialog_of(ANA)
    assert "There is more than fits here: send me the draft in our personal chat" in dialog.plain
    assert "[Put it into my message]" in dialog.plain
    await coached.teams.submit(ANA, {"act": "unmeant", "place": 0})
    assert "Not what you meant" in coached.teams.dialog_of(ANA).plain
    await coached.teams.submit(ANA, "Put it into my message")
    inserted = coached.teams.compose_of(ANA)
    assert inserted is not None
    kept, *_ = draft.splitlines()
    assert cards.text(inserted).splitlines() == [kept, *["Our tiles last sixty years."] * 79]
    assert coached.teams.failures == []


async def test_a_draft_that_is_too_long_for_a_message_is_not_put_into_one(coached: Served) -> None:
    await composed(coached, "Our tiles last forever.\n" + "A line about the weather of the week.\n" * 500)
    dialog = coached.teams.dialog_of(ANA)
    assert "Our tiles last sixty years." in dialog.plain
    assert "[Put it into my message]" not in dialog.plain
    insert = {"data": {"act": "insert", "review": dialog.buttons[0]["data"]["review"]}}
    answer = await coached.teams.invoke(ANA, group(coached), "composeExtension/submitAction", insert)
    assert "too long to be put into a message" in json.dumps(answer.body)
    assert "composeExtension" not in json.dumps(answer.body)
    assert coached.teams.failures == []


# Who may, and what is away.


@pytest.mark.parametrize("name", ["composeExtension/fetchTask", "composeExtension/submitAction", "adaptiveCard/action"])
async def test_who_is_of_another_company_is_told_so_and_nothing_is_done(coached: Served, name: str) -> None:
    message = {"messagePayload": {"body": {"content": DRAFT}}, "data": {"act": "review", "draft": DRAFT}}
    value = {**message, "action": {"verb": "versions.list", "data": {}}}
    answer = await coached.teams.invoke(ANA, group(coached), name, value, tenant=ELSEWHERE)
    assert answer.status == 200
    assert "Field Coach is for members of its own company." in json.dumps(answer.body)
    assert taken(coached) == 0


async def test_while_the_store_is_away_a_dialog_says_so(coached: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    there = group(coached)
    message = await coached.teams.say(BEN, there, DRAFT, mention=False)
    monkeypatch.setattr(coached.app.store.inbox, "put", away)
    answer = await coached.teams.extension(ANA, there, message=message)
    assert answer.status == 200
    assert AWAY in coached.teams.dialog_of(ANA).plain
    assert coached.teams.failures == []


async def test_while_the_store_is_away_a_press_says_so_and_the_card_stays(
    coached: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = chat_of(coached)
    await coached.teams.say(ANA, chat, DRAFT)
    await idle(coached)
    (review,) = said(coached.teams, ANA, chat)
    with monkeypatch.context() as patched:
        patched.setattr(coached.app.store.records, "read", away)
        await coached.teams.press(ANA, review.id, "review.unmeant", data={"place": 0})
    assert coached.teams.told == [AWAY]
    assert said(coached.teams, ANA, chat) == [review]
    await coached.teams.press(ANA, review.id, "review.unmeant", data={"place": 0})
    assert "Not what you meant" in said(coached.teams, ANA, chat)[0].plain
    assert coached.teams.failures == []


async def away(*_: object, **__: object) -> object:
    """A store that cannot be reached."""
    raise StoreAwayError("away")
