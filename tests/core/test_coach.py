"""What the coach does with a message, over the small coach."""

from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest

from bot.app import App
from bot.core.messages import Attachment, Incoming, Meant
from bot.core.ports import AnswerTask, Composed
from bot.core.prompts import Figures, Moved, Prompt, Proposed, VersionList, VersionText
from bot.core.replies import Answer, Delta, Forgotten, Help, Noted, Refused, Reply, Review
from tests.fakes import LESSON, PROMPT, FirstLineEngine, small_app


@pytest.fixture
async def app(tmp_path: Path) -> AsyncIterator[App]:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roof-care.md").write_text(LESSON)
    app = small_app(tmp_path / "knowledge", admins=frozenset({"slack:T1/ADMIN"}))
    await app.open()
    yield app
    await app.close()


async def said(
    app: App,
    text: str,
    *,
    id_: str = "m1",
    person: str = "slack:T1/U1",
    confirmed: int | None = None,
    files: tuple[Attachment, ...] = (),
) -> Reply:
    """What the coach replies to a message in one channel's thread."""
    message = Incoming(id=id_, person=person, thread="c1", text=text, files=files, confirmed=confirmed)
    return await app.coach.reply(message)


async def figures(app: App, number: int = 1) -> Figures:
    reply = await said(app, "prompts", person="slack:T1/ADMIN")
    assert isinstance(reply, VersionList)
    return next(card.figures for card in reply.versions if card.number == number)


async def test_an_answer_carries_its_message_and_its_version(app: App) -> None:
    reply = await said(app, "gutters?")
    assert isinstance(reply, Answer)
    assert (reply.id, reply.question, reply.prompt_version, reply.prompt_stale) == ("m1", "gutters?", 1, False)


class CountingEngine(FirstLineEngine):
    """Says how many turns it was given."""

    async def answer(
        self,
        task: AnswerTask,
        prompt: Prompt,  # noqa: ARG002 - the port's signature
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> AsyncGenerator[Delta | Composed, None]:
        yield Composed(text=f"after {len(task.thread)}", covered=True)


async def test_a_question_that_is_taken_up_again_follows_up_on_what_was_before_it_and_not_on_itself(
    tmp_path: Path,
) -> None:
    (tmp_path / "roof-care.md").write_text(LESSON)
    app = small_app(tmp_path, engine=CountingEngine())
    await app.open()
    texts = []
    for id_ in ("m1", "m2", "m2"):
        reply = await said(app, "gutters?", id_=id_)
        assert isinstance(reply, Answer)
        texts.append(reply.text)
    assert texts == ["after 0", "after 1", "after 1"]
    assert [turn.id for turn in await app.store.threads.recent("c1")] == ["m1", "m2"]
    await app.close()


async def test_a_rating_counts_once_however_often_it_is_given_and_can_be_turned(app: App) -> None:
    await said(app, "gutters?")
    for text in ("+1", "+1", "-1", "-1", "+1"):
        assert isinstance(await said(app, text, id_="m2"), Noted)
    did = await figures(app)
    assert (did.up, did.down) == (1, 0)


async def test_a_rating_is_of_the_persons_own_last_answer(app: App) -> None:
    await said(app, "gutters?", id_="m1", person="slack:T1/U1")
    await said(app, "tiles?", id_="m2", person="slack:T1/U2")
    assert await said(app, "-1", id_="m3", person="slack:T1/U1") == Noted("down")
    assert isinstance(await said(app, "-1", id_="m4", person="slack:T1/U3"), Refused)
    assert isinstance(await app.coach.react("c1", "m2", person="slack:T1/U1", reaction="up"), Refused)
    assert await app.coach.react("c1", "m2", person="slack:T1/U2", reaction="up") == Noted("up")
    did = await figures(app)
    assert (did.up, did.down) == (1, 1)


async def test_a_rating_goes_to_the_version_that_answered_even_when_another_is_live_by_then(app: App) -> None:
    await said(app, "gutters?")
    proposed = await said(app, "prompts activate 2 clearer", person="slack:T1/ADMIN")
    assert isinstance(proposed, Proposed)
    await said(app, "prompts activate 2 clearer", person="slack:T1/ADMIN", confirmed=proposed.position)
    assert await said(app, "+1") == Noted("up")
    assert ((await figures(app, 1)).up, (await figures(app, 2)).up) == (1, 0)


async def test_forgetting_erases_the_persons_answers_and_waiting_messages_and_nobody_elses(app: App) -> None:
    await said(app, "gutters?", id_="m1")
    await said(app, "tiles?", id_="m2", person="slack:T1/U2")
    await app.store.inbox.put(Incoming(id="m3", person="slack:T1/U1", thread="c1", text="later"))
    assert await said(app, "forget me", id_="m4") == Forgotten(turns=1, messages=1)
    assert await said(app, "forget me", id_="m5", person="slack:T1/U2") == Forgotten(turns=1)


async def test_help_tells_admins_what_only_they_can_do(app: App) -> None:
    own = await said(app, "help", person="slack:T1/ADMIN")
    others = await said(app, "help")
    assert isinstance(own, Help)
    assert isinstance(others, Help)
    assert {entry.usage for entry in own.entries} - {entry.usage for entry in others.entries} == {
        "prompts",
        "prompts show N",
        "prompts diff A B",
        "prompts publish REASON",
        "prompts activate N REASON",
        "rollback [N] REASON",
        "prompts log",
    }


@pytest.mark.parametrize("text", ["prompts", "prompts show 1", "prompts activate 2 mine", "rollback x", "prompts log"])
async def test_only_admins_are_answered_about_versions(app: App, text: str) -> None:
    reply = await said(app, text)
    assert isinstance(reply, Refused)
    assert reply.denied
    assert await said(app, text, confirmed=3) == reply


async def test_a_move_is_made_only_once_it_is_confirmed(app: App) -> None:
    proposed = await said(app, "prompts activate 2 clearer", person="slack:T1/ADMIN")
    assert isinstance(proposed, Proposed)
    assert (proposed.version.number, proposed.replaces and proposed.replaces.number, proposed.note) == (2, 1, "clearer")
    answer = await said(app, "gutters?")
    assert isinstance(answer, Answer)
    assert answer.prompt_version == 1
    moved = await said(app, "prompts activate 2 clearer", person="slack:T1/ADMIN", confirmed=proposed.position)
    assert isinstance(moved, Moved)
    answer = await said(app, "gutters?")
    assert isinstance(answer, Answer)
    assert answer.prompt_version == 2


async def test_a_file_that_comes_along_is_the_version_to_publish_or_else_a_draft(app: App) -> None:
    file = Attachment("0003.md", PROMPT.format(note="n", rule="Be short."))
    published = await said(app, "prompts publish from a file", person="slack:T1/ADMIN", files=(file,))
    assert isinstance(published, Moved)
    shown = await said(app, "prompts show 3", person="slack:T1/ADMIN")
    assert isinstance(shown, VersionText)
    assert shown.text == file.text
    assert isinstance(await said(app, "what of this?", files=(Attachment("a.txt", "This roof never leaks."),)), Review)


async def test_while_the_store_is_away_a_question_is_answered_by_the_last_known_version_and_says_so(
    tmp_path: Path,
) -> None:
    (tmp_path / "knowledge").mkdir()
    (tmp_path / "knowledge" / "roof-care.md").write_text(LESSON)
    disk = tmp_path / "knowledge-state"
    app = small_app(tmp_path / "knowledge")
    await app.open()
    disk.rename(tmp_path / "away")
    disk.write_text("no folder")
    reply = await said(app, "gutters?")
    assert isinstance(reply, Answer)
    assert (reply.covered, reply.prompt_version, reply.prompt_stale) == (True, 1, True)
    await app.close()


@pytest.mark.parametrize(("text", "about"), [("bogus", "bogus"), ("hello", ""), ("Thanks!", "")])
async def test_one_word_that_no_lesson_knows_gets_help(app: App, text: str, about: str) -> None:
    reply = await said(app, text)
    assert isinstance(reply, Help)
    assert reply.about == about


async def test_one_word_of_the_lessons_is_a_question(app: App) -> None:
    assert isinstance(await said(app, "gutters"), Answer)


async def test_what_is_meant_as_a_question_is_one(app: App) -> None:
    message = Incoming(id="m1", person="slack:T1/U1", thread="c1", text="bogus", meant=Meant.QUESTION)
    assert isinstance(await app.coach.reply(message), Answer)
