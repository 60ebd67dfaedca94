"""Versions in Teams: looked at by text and by the buttons of a card, published by a file, read whole however long."""

import pytest

from bot.core.admin_commands import ActivateVersion
from tests.fakes import PROMPT
from tests.teams.coaching import ADMIN, ANA, OTHER, asked, calls_to, chat_of, fields, idle, person, said
from tests.teams.loopback.workspace import Json, Upload
from tests.teams.moving import Waiting, acts, moved, shown_to
from tests.teams.serving import Served

FILE = PROMPT.format(note="the third words", rule="Give the best line, briefly — “so” & <so>.")
LINES = [f"- Rule {number}: say what the lessons say of case {number}, and nothing else." for number in range(900)]
LONG = PROMPT.format(note="every rule", rule="\n".join(LINES))
REFUSED = "Only the coach's admins may do that; COACH_ADMINS names them."


SHOWN = {
    "prompts": ["● Version 1, live since", "[Make version 2 live]", "[Roll back]", "[What happened]"],
    "prompts show 2": ["the second words", "Give the best line, and say where it stands.", "[All versions]"],
    "prompts diff 1 2": ["What changes from version 1 (-) to version 2 (+)", "- Give the best line.", "[All versions]"],
    "prompts log": ["start made version 1 live", "start published version 2 from 0002.md", "[All versions]"],
}
BUTTONS = {
    "prompts show 2": ("versions.show", {"number": 2}),
    "prompts diff 1 2": ("versions.diff", {"old": 1, "new": 2}),
    "prompts log": ("versions.trail", {}),
}


@pytest.mark.parametrize("written", SHOWN)
async def test_an_admin_is_shown_what_they_write_for(coached: Served, written: str) -> None:
    shown = await shown_to(coached, ADMIN, written)
    assert [words for words in SHOWN[written] if words not in shown.text] == []
    assert (shown.seen.generated, shown.seen.feedback, shown.seen.links) == (False, False, ())


@pytest.mark.parametrize("written", BUTTONS)
async def test_a_button_shows_the_same_in_the_place_of_the_card_and_leads_back(coached: Served, written: str) -> None:
    card = await shown_to(coached, ADMIN)
    before = card.text
    verb, data = BUTTONS[written]
    await coached.teams.press(ADMIN, card.id, verb, data=data)
    assert [words for words in SHOWN[written] if words not in card.text] == []
    await card.press("versions.list")
    assert card.text == before
    await idle(coached)
    assert len(said(coached.teams, ADMIN, chat_of(coached, ADMIN))) == 1
    await coached.teams.until(lambda: len(calls_to(coached, "update")) == 2)
    assert coached.teams.failures == []
    assert await acts(coached.app) == []


async def test_of_quick_presses_the_last_one_stays_in_the_message_however_long_an_update_takes(
    coached: Served,
) -> None:
    card = await shown_to(coached, ADMIN)
    coached.teams.fail("update", hang=0.3)
    for verb, data in (("versions.show", {"number": 2}), ("versions.list", {}), ("versions.trail", {})):
        await coached.teams.press(ADMIN, card.id, verb, data=data)
    await coached.teams.until(lambda: len(calls_to(coached, "update")) == 2)
    first, last = [[each["content"] for each in call.body["attachments"]] for call in calls_to(coached, "update")]
    assert [*fields(first, "Its text")]
    assert last == card.seen.cards
    assert "start made version 1 live" in card.text


async def test_a_card_that_could_not_be_put_there_does_not_keep_the_next_from_it(coached: Served) -> None:
    card = await shown_to(coached, ADMIN)
    coached.teams.fail("update", hang=0.3, status=403)
    await coached.teams.press(ADMIN, card.id, "versions.show", data={"number": 2})
    await coached.teams.press(ADMIN, card.id, "versions.list")
    await coached.teams.until(lambda: [call.status for call in calls_to(coached, "update")] == [403, 200])


@pytest.mark.parametrize("written", [*SHOWN, "prompts activate 2 mine", "rollback mine", f"prompts publish x\n{FILE}"])
async def test_a_rep_is_refused_whatever_they_write_and_the_try_stands_in_the_trail(
    coached: Served, written: str
) -> None:
    refused = await shown_to(coached, ANA, written)
    assert refused.text == REFUSED
    assert refused.seen.buttons == []
    assert [act[:2] for act in await acts(coached.app)] == [("denied", person(ANA))]


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("prompts show 9", "There is no version 9"),
        ("prompts show two", "Write: prompts show N"),
        ("prompts diff 1", "Write: prompts diff A B"),
        ("prompts activate two", "Write: prompts activate N"),
        ("prompts log x", "Write: prompts log [BEFORE]"),
        ("prompts publish", "The file cannot be published"),
    ],
)
async def test_what_is_written_wrongly_is_answered_with_how_it_is_written(
    coached: Served, written: str, told: str
) -> None:
    assert told in (await shown_to(coached, ADMIN, written)).text
    assert await acts(coached.app) == []


async def test_a_card_of_versions_that_are_none_is_out_of_date(coached: Served) -> None:
    card = await shown_to(coached, ADMIN)
    before = card.text
    unknown: list[tuple[str, Json]] = [("versions.show", {"number": 9}), ("versions.diff", {"old": 1, "new": 9})]
    for verb, data in (*unknown, ("versions.show", {})):
        assert (await card.sends(verb, data)).status == 200
    assert len(coached.teams.told) == 3
    assert "no version 9" in coached.teams.told[0]
    assert "out of date" in coached.teams.told[2]
    assert card.text == before


# Published.


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are where the loopback Teams keeps them."""
    monkeypatch.setattr("bot.channels.teams.channel.in_sharepoint", lambda url: url.host == "127.0.0.1")


async def published(coached: Served, user: str, name: str, data: bytes) -> Waiting:
    chat = chat_of(coached, user)
    await coached.teams.say(user, chat, "prompts publish briefer", files=[Upload(name, data)])
    await idle(coached)
    return Waiting(coached, user, said(coached.teams, user, chat)[-1].id)


@pytest.mark.usefixtures("fetched", "coached")
@pytest.mark.parametrize("name", ["0003.md", "briefer.txt"])
async def test_a_version_is_published_by_a_file_as_it_is(coached: Served, name: str) -> None:
    assert "Version 3 is published. It is not live" in (await published(coached, ADMIN, name, FILE.encode())).text
    assert await acts(coached.app) == [("published", person(ADMIN), "briefer")]
    standing = await coached.app.history.standing()
    assert (await coached.app.history.publication(standing.versions[3])).source == FILE
    assert standing.live == 1


@pytest.mark.usefixtures("fetched", "coached")
async def test_a_file_that_is_no_version_or_of_a_rep_publishes_nothing(coached: Served) -> None:
    assert "The file cannot be published" in (await published(coached, ADMIN, "3.md", b"Answer briefly.")).text
    assert (await published(coached, ANA, "3.md", FILE.encode())).text == REFUSED
    assert [act[0] for act in await acts(coached.app)] == ["denied"]


# Long ones.


async def all_of(coached: Served, written: str) -> str:
    """All that an admin reads of a reply."""
    _, shown = await asked(coached, ADMIN, chat_of(coached, ADMIN), written)
    return "\n".join(each.plain for each in shown)


@pytest.mark.parametrize("written", ["prompts show 3", "prompts diff 1 3", "prompts activate 3 long"])
async def test_long_texts_of_versions_come_whole_and_in_order(coached: Served, written: str) -> None:
    await coached.app.registry.publish(person(OTHER), LONG, "long")
    text = await all_of(coached, written)
    places = [text.rfind(line) for line in LINES]
    assert min(places) >= 0
    assert places == sorted(places)


async def test_a_long_proposal_has_its_buttons_at_its_end_and_is_confirmed_there(coached: Served) -> None:
    await coached.app.registry.publish(person(OTHER), LONG, "long")
    waiting = await shown_to(coached, ADMIN, "prompts activate 3 long")
    shown = said(coached.teams, ADMIN, chat_of(coached, ADMIN))
    assert [each.id for each in shown if each.buttons] == [waiting.id] == [shown[-1].id]
    assert "Make version 3 live for everybody in place of version 1" in waiting.text
    assert "Version 3 is live" in await waiting.confirm()


async def test_a_long_text_in_the_place_of_a_card_says_where_all_of_it_is(coached: Served) -> None:
    await coached.app.registry.publish(person(OTHER), LONG, "long")
    card = await shown_to(coached, ADMIN)
    await coached.teams.press(ADMIN, card.id, "versions.show", data={"number": 3})
    assert "This is only the beginning. All of it: prompts show 3" in card.text
    assert LINES[0] in "".join(fields(card.seen.cards, "Its text"))
    await coached.teams.press(ADMIN, card.id, "versions.list")
    assert "[Make version 3 live]" in card.text


async def test_the_trail_is_read_page_by_page_to_its_beginning(coached: Served) -> None:
    notes = [f"{number}: " + "why not " * 60 for number in range(45)]
    for number, note in enumerate(notes):
        await moved(coached.app, ActivateVersion(number=2 - number % 2, note=note))
    last, written, text = (await coached.app.history.standing()).length + 1, "prompts log", ""
    while last > 1:
        last = max(1, last - 20)
        text += await all_of(coached, written)
        assert (f"There are older ones: prompts log {last}" if last > 1 else "1  start published version 1") in text
        written = f"prompts log {last}"
    assert [note for note in notes if note.strip() not in text] == []
