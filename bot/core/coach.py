"""The coach: one message in, signs of life and one reply out. Every channel takes this way."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from contextlib import aclosing

from bot.core.admin_commands import ADMIN_HELP, Malformed, PublishVersion
from bot.core.ask import MAX_QUESTION, Ask
from bot.core.commands import (
    HELP,
    AnnounceCommand,
    AskCommand,
    Command,
    ForgetCommand,
    GuideCommand,
    HelpCommand,
    ReactCommand,
    ReviewCommand,
    is_courtesy,
    parse,
)
from bot.core.forgetting import Forgetting
from bot.core.messages import Incoming, Meant, Reaction
from bot.core.ports import Library, PromptDesk, Prompts, Retriever
from bot.core.replies import Event, Guide, Help, HelpEntry, Noted, Refused, Reply, Status
from bot.core.review import MAX_DRAFT, ReviewDraft
from bot.core.state import ThreadMemory

_LONE_WORD = re.compile(r"[\w'-]{1,40}[.!]*")


class Coach:
    """Handles messages."""

    def __init__(
        self,
        *,
        library: Library,
        retriever: Retriever,
        threads: ThreadMemory,
        ask: Ask,
        review: ReviewDraft,
        prompts: Prompts,
        desk: PromptDesk,
        forgetting: Forgetting,
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._threads = threads
        self._ask = ask
        self._review = review
        self._prompts = prompts
        self._desk = desk
        self._forgetting = forgetting

    async def handle(self, incoming: Incoming) -> AsyncGenerator[Event, None]:
        """Yields any number of `Status` and `Delta`, then exactly one reply."""
        match await self._understood(incoming):
            case AskCommand(question=question):
                async with aclosing(self._answer(question, incoming)) as events:
                    async for event in events:
                        yield event
            case ReviewCommand(draft=draft):
                yield Status("Reading the draft …")
                yield await self._reviewed(draft, incoming)
            case GuideCommand(words=words):
                yield await self.guide(words)
            case HelpCommand(about=about):
                yield await self.help(about, person=incoming.person)
            case ForgetCommand():
                yield await self._forgetting.forget(incoming.person)
            case AnnounceCommand(position=position):
                yield await self._desk.told(position)
            case ReactCommand(reaction=reaction):
                yield await self._react_to_last(incoming, reaction)
            case Malformed(usage=usage):
                yield Refused(f"Write: {usage}")
            case command:
                yield await self._desk.handle(
                    command, person=incoming.person, confirmed=incoming.confirmed, act=incoming.id
                )

    async def reply(self, incoming: Incoming) -> Reply:
        """Gives the reply alone, for who does not watch it grow."""
        return await reply_of(self.handle(incoming))

    async def guide(self, words: str) -> Guide:
        """Gives the guide's rows that fit `words`."""
        knowledge = await self._library.current()
        return Guide(words=words, rows=await self._retriever.guide(words, knowledge))

    async def help(self, about: str, *, person: str) -> Help:
        """Says what the coach can do for `person` and which lessons it speaks from; `about` was not understood."""
        knowledge = await self._library.current()
        own = tuple(HelpEntry(*entry) for entry in ADMIN_HELP) if self._desk.is_admin(person) else ()
        return Help(entries=HELP + own, lessons=tuple(lesson.title for lesson in knowledge.lessons), about=about)

    async def react(self, thread: str, id_: str, *, person: str, reaction: Reaction) -> Noted | Refused:
        """Notes what `person` thinks of the answer to the message `id_`; the same again changes nothing."""
        before = await self._threads.react(thread, id_, person=person, reaction=reaction)
        if before is None:
            return Refused("There is no answer here to rate, or not any more.")
        if before.reaction != reaction and before.prompt_version is not None:
            change = {"up": 0, "down": 0, reaction: 1} | ({before.reaction: -1} if before.reaction else {})
            await self._prompts.reacted(
                before.prompt_version,
                before.trial,
                up=change["up"],
                down=change["down"],
                first=before.reaction is None,
            )
        return Noted(reaction)

    async def _understood(self, incoming: Incoming) -> Command:
        """Reads a message; one word that no lesson knows is a command that is none, or a greeting."""
        command = _command(incoming)
        if isinstance(command, AskCommand) and incoming.meant is Meant.COMMAND:
            word = command.question
            if await self._is_unknown(word):
                return HelpCommand(about="" if is_courtesy(word) else word)
        return command

    async def _is_unknown(self, text: str) -> bool:
        """Whether a text is one word that no lesson knows."""
        if not _LONE_WORD.fullmatch(text):
            return False
        knowledge = await self._library.current()
        understood = (await self._retriever.search(text, knowledge)).question.casefold()
        return not any(understood in passage.text.casefold() for passage in knowledge.passages)

    async def _answer(self, question: str, incoming: Incoming) -> AsyncGenerator[Event, None]:
        if problem := _unfit(question, "question", limit=MAX_QUESTION):
            yield problem
            return
        asked = self._ask(question, id_=incoming.id, person=incoming.person, thread=incoming.thread)
        async with aclosing(asked) as events:
            async for event in events:
                yield event

    async def _reviewed(self, draft: str, incoming: Incoming) -> Reply:
        return _unfit(draft, "draft", limit=MAX_DRAFT) or await self._review(draft, person=incoming.person)

    async def _react_to_last(self, incoming: Incoming, reaction: Reaction) -> Noted | Refused:
        turns = await self._threads.recent(incoming.thread)
        last = next((turn.id for turn in reversed(turns) if turn.person == incoming.person), "")
        return await self.react(incoming.thread, last, person=incoming.person, reaction=reaction)


async def reply_of(events: AsyncIterator[Event]) -> Reply:
    """Gives the reply that ends `events`.

    Raises:
        RuntimeError: the events ended without a reply.
    """
    reply: Reply | None = None
    async for event in events:
        if isinstance(event, Reply):
            reply = event
    if reply is None:
        raise RuntimeError("the coach ended without a reply")
    return reply


def _command(incoming: Incoming) -> Command:
    """Reads a message as what it is meant as; files that come along are the draft, or the version to publish."""
    files = [file.text for file in incoming.files]
    match incoming.meant:
        case Meant.ANNOUNCEMENT:
            return AnnounceCommand(int(incoming.text))
        case Meant.QUESTION:
            return AskCommand(incoming.text)
        case Meant.DRAFT:
            return ReviewCommand(_joined([incoming.text, *files]) if files else incoming.text)
    command = parse(incoming.text)
    if not files:
        return command
    if isinstance(command, PublishVersion):
        return PublishVersion(text="\n\n".join([command.text, *files]).strip("\n"), note=command.note)
    typed = command.draft if isinstance(command, ReviewCommand) else ""
    return ReviewCommand(_joined([typed, *files]))


def _joined(texts: Iterable[str]) -> str:
    return "\n\n".join(filter(str.strip, texts))


def _unfit(text: str, what: str, *, limit: int) -> Refused | None:
    """Why `text` cannot be taken, in one line, or None when it can."""
    if not text.strip():
        return Refused(f"The {what} is empty: write or paste its text.")
    if len(text) > limit:
        return Refused(f"The {what} has {len(text):,} characters; at most {limit:,} are taken. Send it in parts.")
    if "\x00" in text:
        return Refused(f"The {what} is binary, not text: paste its words, or send a text file.")
    return None
