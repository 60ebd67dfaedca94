import pytest
from playwright.async_api import expect

from tests.playground.conftest import Stage
from tests.playground.person import GROUP

pytestmark = pytest.mark.asyncio(loop_scope="session")
QUESTION = "How often should the gutters be clear?"
LINE = "A roof lasts thirty years when its gutters are kept clear."


async def test_an_answer_is_seen_with_its_label_and_the_line_it_rests_on(stage: Stage) -> None:
    robin = stage.robin
    await robin.say(QUESTION)
    answer = robin.reply(LINE, "Prompt version 1")
    await expect(answer.get_by_text("AI generated")).to_be_visible()
    cited = await robin.citation(answer, 1)
    assert LINE in cited
    assert "roofs" in cited


async def test_a_thumb_and_its_reason_are_taken(stage: Stage) -> None:
    robin = stage.robin
    await robin.say(QUESTION)
    # It counts for nothing: the Playground does not say for which answer it is.
    await robin.rate(robin.reply(LINE, "Prompt version 1"), "Dislike", "says nothing of how often")


async def test_a_mention_in_a_group_chat_is_answered_there(stage: Stage) -> None:
    robin = stage.robin
    await robin.go_to(GROUP)
    await robin.say(QUESTION, mention=True)
    await expect(robin.reply(LINE).get_by_text("AI generated")).to_be_visible()


async def test_a_suggested_question_is_asked_by_a_press(stage: Stage) -> None:
    robin = stage.robin
    await robin.say("help")
    await robin.page.get_by_role("button", name="What should I know about Gutters?").click()
    await expect(robin.reply("Clear the gutters every autumn").or_(robin.reply(LINE)).last).to_be_visible()
