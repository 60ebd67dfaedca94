"""An engine that says what a test tells it to."""

import asyncio
from collections.abc import AsyncGenerator

from bot.core.ports import AnswerTask, Composed
from bot.core.prompts import Prompt
from bot.core.replies import Citation, Delta
from tests.fakes import FirstLineEngine


class ScriptedEngine(FirstLineEngine):
    """Streams what it is told to, waiting wherever an event stands, and settles on `text`."""

    def __init__(self, *steps: str | asyncio.Event, text: str | None = None, cites: bool = True) -> None:
        self._steps = steps
        self._text = "".join(step for step in steps if isinstance(step, str)) if text is None else text
        self._cites = cites

    async def answer(
        self,
        task: AnswerTask,
        prompt: Prompt,  # noqa: ARG002 - the port's signature
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> AsyncGenerator[Delta | Composed, None]:
        for step in self._steps:
            if isinstance(step, str):
                yield Delta(step)
            else:
                await step.wait()
        citations = tuple(
            Citation(
                n=1,
                lesson=hit.passage.lesson,
                section=hit.passage.section,
                quote=hit.passage.sentences[hit.sentence].text,
                line=hit.passage.sentences[hit.sentence].line,
            )
            for hit in task.evidence.hits[: int(self._cites)]
        )
        yield Composed(text=self._text, covered=True, citations=citations)
