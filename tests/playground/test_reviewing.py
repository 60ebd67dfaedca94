import pytest
from playwright.async_api import Locator, expect

from bot.channels.teams.manifest import REVIEW_PHRASING
from bot.channels.teams.render.dialog import INSERT, REVIEW, TITLE
from bot.core.choices import Choice
from bot.core.decisions import DECISIONS, read_decision
from tests.playground.conftest import Stage
from tests.playground.person import GROUP, PERSONAL, Robin

pytestmark = pytest.mark.asyncio(loop_scope="session")
DRAFT = "Dear Jo,\nThis roof never leaks. Our tiles last forever. See you.\nRobin"
REWRITTEN = "Dear Jo,\nThis roof is guaranteed for ten years. Our tiles last sixty years. See you.\nRobin"
KEPT = REWRITTEN.replace("This roof is guaranteed for ten years.", "This roof never leaks.")
SENTENCE = "This roof never leaks, as you know."


def rewritten(shown: Locator | Robin) -> Locator:
    where = shown.page if isinstance(shown, Robin) else shown
    return where.get_by_role("textbox", name="Rewritten draft").last


async def test_a_draft_is_reviewed_and_its_rewriting_is_there_to_copy(stage: Stage) -> None:
    robin = stage.robin
    await robin.say(f"review\n{DRAFT}")
    for words in ("This roof never leaks.", "This roof is guaranteed for ten years.", "No roof never leaks"):
        await expect(robin.reply("Say instead").get_by_text(words, exact=True).first).to_be_visible()
    await expect(rewritten(robin)).to_have_value(REWRITTEN)


async def test_a_press_on_a_card_keeps_the_writers_words_and_the_draft_follows(stage: Stage) -> None:
    robin = stage.robin
    await robin.say(f"review\n{DRAFT}")
    card = robin.reply("Say instead")
    await card.get_by_role("button", name="Keep mine").first.click()
    await card.get_by_label("Why do they stay?").fill("Jo built it")
    await card.get_by_role("button", name="Keep mine").nth(1).click()
    await expect(card).to_contain_text("You keep your words")
    await expect(rewritten(robin)).to_have_value(KEPT)
    (entry,) = await stage.app.store.log.read(DECISIONS, limit=10)
    kept = read_decision(entry)
    assert kept is not None
    assert (kept.choice, kept.reason) == (Choice.KEEP, "Jo built it")
    await card.get_by_role("button", name="Use this").first.click()
    await expect(rewritten(robin)).to_have_value(REWRITTEN)


async def test_a_draft_from_a_group_chat_is_reviewed_where_only_its_writer_sees_it(stage: Stage) -> None:
    robin = stage.robin
    await robin.go_to(GROUP)
    await robin.say(f"review {SENTENCE}", mention=True)
    await expect(robin.reply("personal chat")).to_be_visible()
    await expect(robin.page.get_by_text("Say instead")).to_have_count(0)
    await robin.go_to(PERSONAL)
    await expect(rewritten(robin)).to_have_value("This roof is guaranteed for ten years.")


async def test_a_message_is_reviewed_in_a_dialog_and_its_rewriting_put_where_one_writes(stage: Stage) -> None:
    robin = stage.robin
    await robin.go_to(GROUP)
    await robin.say(SENTENCE)
    dialog = await robin.extension(REVIEW_PHRASING, TITLE, on=robin.said(SENTENCE))
    await expect(dialog.get_by_text(SENTENCE, exact=True)).to_be_visible()
    await expect(rewritten(dialog)).to_have_value("This roof is guaranteed for ten years.")
    await dialog.get_by_role("button", name=INSERT).click()
    await expect(robin.compose_box).to_contain_text("This roof is guaranteed for ten years.")


async def test_what_is_being_written_is_reviewed_in_a_dialog_and_choices_made_there(stage: Stage) -> None:
    robin = stage.robin
    dialog = await robin.extension(REVIEW_PHRASING, TITLE)
    await dialog.get_by_role("textbox").fill(DRAFT)
    await dialog.get_by_role("button", name=REVIEW, exact=True).click()
    await expect(rewritten(dialog)).to_have_value(REWRITTEN)
    await dialog.get_by_role("button", name="Not what I meant").first.click()
    await expect(rewritten(dialog)).to_have_value(KEPT)
