"""The coach: one message in, signs of life and one reply out. Every channel takes this way."""

from collections.abc import AsyncIterator

from bot.core.ask import MAX_QUESTION, Ask
from bot.core.commands import HELP, AskCommand, ForgetCommand, GuideCommand, HelpCommand, ReviewCommand, parse
from bot.core.messages import Incoming
from bot.core.ports import Library, Retriever, ThreadMemory
from bot.core.replies import Event, Forgotten, Guide, Help, Refused, Reply, Status
from bot.core.review import MAX_DRAFT, ReviewDraft


class Coach:
    """Handles messages."""

    def __init__(
        self, *, library: Library, retriever: Retriever, threads: ThreadMemory, ask: Ask, review: ReviewDraft
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._threads = threads
        self._ask = ask
        self._review = review

    async def handle(self, incoming: Incoming) -> AsyncIterator[Event]:
        """Yields any number of `Status` and `Delta`, then exactly one reply."""
        drafts = [file.text for file in incoming.files]
        command = parse(incoming.text)
        if drafts or isinstance(command, ReviewCommand):
            typed = command.draft if isinstance(command, ReviewCommand) else ""
            yield Status("Reading the draft …")
            yield await self.review("\n\n".join(filter(str.strip, [typed, *drafts])))
        elif isinstance(command, AskCommand):
            async for event in self.ask(command.question, person=incoming.person, thread=incoming.thread):
                yield event
        elif isinstance(command, GuideCommand):
            yield await self.guide(command.words)
        elif isinstance(command, ForgetCommand):
            yield Forgotten(turns=await self._threads.forget(incoming.person))
        else:
            yield await self.help(command)

    async def ask(self, question: str, *, person: str, thread: str) -> AsyncIterator[Event]:
        """Answers a question that needs no reading as a command."""
        if problem := _unfit(question, "question", limit=MAX_QUESTION):
            yield problem
            return
        async for event in self._ask(question, person=person, thread=thread):
            yield event

    async def review(self, draft: str) -> Reply:
        """Reviews a draft that needs no reading as a command."""
        return _unfit(draft, "draft", limit=MAX_DRAFT) or await self._review(draft)

    async def guide(self, words: str) -> Guide:
        """Gives the guide's rows that fit `words`."""
        knowledge = await self._library.current()
        return Guide(words=words, rows=await self._retriever.guide(words, knowledge))

    async def help(self, command: HelpCommand) -> Help:
        """Says what the coach can do and which lessons it speaks from."""
        knowledge = await self._library.current()
        return Help(entries=HELP, lessons=tuple(lesson.title for lesson in knowledge.lessons), about=command.about)


def _unfit(text: str, what: str, *, limit: int) -> Refused | None:
    """Why `text` cannot be taken, in one line, or None when it can."""
    if not text.strip():
        return Refused(f"The {what} is empty: write or paste its text.")
    if len(text) > limit:
        return Refused(f"The {what} has {len(text):,} characters; at most {limit:,} are taken. Send it in parts.")
    if "\x00" in text:
        return Refused(f"The {what} is binary, not text: paste its words, or send a text file.")
    return None
