"""Robin, who sits before the Playground's page: what a person can do there, and what is to be seen."""

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect
from playwright.async_api import TimeoutError as PlaywrightTimeout

MESSAGES = 'div:has(> [aria-label="Message header"])'
"""Each message, whoever's: its header, its text or card, its feedback buttons."""
PERSONAL, GROUP, CHANNEL = "Personal Chat", "Spring campaign", "Sales - General"
COACH = "Field Coach"
TRIES = 3


@dataclass(frozen=True, slots=True)
class Robin:
    """Somebody at the page."""

    page: Page

    async def arrive(self, url: str) -> None:
        """Opens the page and waits until it has found the coach."""
        await self.page.goto(url)
        await expect(self.page.get_by_text("Connected.")).to_be_visible()
        # The panel repeats all that is said.
        await self.page.get_by_role("button", name="Hide log panel").click()

    async def go_to(self, conversation: str) -> None:
        """Opens a chat or channel."""
        place = self.page.get_by_role("treeitem", name=conversation)
        await place.click()
        await expect(place).to_be_focused()

    async def say(self, text: str, *, mention: bool = False) -> None:
        """Writes a message and sends it, with a mention of the coach before it or without."""
        box = self.compose_box
        await box.click()
        if mention:
            await self.page.keyboard.type("@")
            await self.page.get_by_role("listbox", name="Typeahead menu").get_by_text(COACH, exact=True).click()
            await self.page.keyboard.type(" ")
        # As if dictated: the Playground sends no line breaks that are typed or pasted, and none after a mention.
        await self.page.keyboard.insert_text(text)
        await self.page.get_by_role("button", name="Send Message").click()

    @property
    def compose_box(self) -> Locator:
        """Where messages are written."""
        return self.page.locator('div[role="textbox"]').last

    @property
    def replies(self) -> Locator:
        """The coach's messages in the conversation that is open, oldest first."""
        return self.page.locator(MESSAGES).filter(
            has=self.page.locator('[aria-label="Message author"]', has_text=COACH)
        )

    def said(self, words: str) -> Locator:
        """A message of Robin's own that has these words."""
        theirs = self.page.locator('[aria-label="Message author"]')
        return self.page.locator(MESSAGES).filter(has_not=theirs, has_text=words).last

    def reply(self, *words: str) -> Locator:
        """The newest reply that has these words."""
        found = self.replies
        for each in words:
            found = found.filter(has_text=each)
        return found.last

    async def citation(self, reply: Locator, number: int) -> str:
        """Gives what a citation says when it is pointed at."""
        await reply.get_by_role("button", name=str(number), exact=True).hover()
        shown = self.page.get_by_role("tooltip").or_(self.page.locator(".fui-PopoverSurface")).last
        return await shown.inner_text()

    async def rate(self, reply: Locator, thumb: str, words: str) -> None:
        """Presses "Like" or "Dislike" and says why."""
        await reply.get_by_role("button", name=thumb, exact=True).click()
        form = self.page.get_by_role("dialog")
        await form.get_by_role("textbox").fill(words)
        await form.get_by_role("button", name="Submit").click()
        await expect(form.get_by_text("Thank you!")).to_be_visible()
        await form.get_by_role("button", name="Close").click()

    async def extension(self, command: str, title: str, *, on: Locator | None = None) -> Locator:
        """Takes the message extension's command on a message, or at the compose box; gives the dialog that opens."""
        dialog = self.page.get_by_role("dialog")
        for _ in range(TRIES):
            opener = on.get_by_role("button", name="Show more information") if on else self._plus
            await opener.click()
            await self.page.get_by_role("menuitem", name="Action Command").click()
            await dialog.get_by_role("textbox", name="Command ID").fill(command)
            await dialog.get_by_role("button", name="Create").click()
            # The Playground takes a dialog's content away if a message came a moment before.
            if await _comes(dialog.get_by_text(title, exact=True)):
                return dialog
            await dialog.get_by_role("button", name="Close").click()
        raise AssertionError(f"no dialog {title!r} opens")

    @property
    def _plus(self) -> Locator:
        return self.page.get_by_role("button", name="Trigger Message Extension App")


async def _comes(wanted: Locator) -> bool:
    """Whether something comes to be seen and stays."""
    try:
        await wanted.wait_for(timeout=5_000)
        await wanted.wait_for(state="hidden", timeout=1_000)
    except PlaywrightTimeout:
        return await wanted.is_visible()
    return False
