"""An engine that answers piece by piece, each question in its own words."""

import asyncio
import re
from collections.abc import AsyncGenerator

from bot.core.ports import AnswerTask, Composed, RewriteTask, Rewriting
from bot.core.prompts import Prompt
from bot.core.replies import Citation, Delta, EngineName, Fallback

ENDING = "Clear the gutters every autumn, whatever the neighbours say [1]."
_MARK = re.compile(r"\bcase (?P<mark>[\w-]+)")


def question(mark: str) -> str:
    """A question that the small lesson covers; `mark` tells it from others."""
    return f"gutters in case {mark}?"


def told(mark: str, sentences: int = 3) -> str:
    """The whole answer to `question(mark)`."""
    middle = " ".join(f"Sentence {number} on <{mark}> & co. comes before the end." for number in range(sentences))
    return f"In case {mark} it is so.\n\n{middle}\n\n{ENDING}"


class Piecewise:
    """Answers with `told`, word by word or in a few pieces; `pause` is how long each piece takes."""

    def __init__(self, *, pause: float = 0.0, sentences: int = 3, pieces: int = 6) -> None:
        self.pause = pause
        self.sentences = sentences
        self.pieces = pieces
        self.begun: list[str] = []
        self.failures = 0
        self.gate = asyncio.Event()
        self.gate.set()

    @property
    def name(self) -> EngineName:
        """It is embedded."""
        return EngineName.LESSONS

    async def answer(
        self,
        task: AnswerTask,
        prompt: Prompt,  # noqa: ARG002 - the port's signature
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> AsyncGenerator[Delta | Composed, None]:
        """Streams the answer; in its middle it waits for the gate, and fails as often as it is told to."""
        found = _MARK.search(task.question)
        mark = found["mark"] if found else "unknown"
        self.begun.append(mark)
        text = told(mark, self.sentences)
        size = max(1, len(text) // self.pieces)
        starts = range(0, len(text), size)
        for start in starts:
            if start == starts[len(starts) // 2]:
                await self.gate.wait()
                if self.failures:
                    self.failures -= 1
                    raise RuntimeError("the engine broke off")
            if self.pause:
                await asyncio.sleep(self.pause)
            yield Delta(text[start : start + size])
        best = task.evidence.hits[0]
        line = best.passage.sentences[best.sentence]
        citation = Citation(1, best.passage.lesson, best.passage.section, line.text, line.line)
        yield Composed(text=text, covered=True, citations=(citation,))

    async def rewrite(
        self,
        task: RewriteTask,  # noqa: ARG002 - the port's signature
        prompt: Prompt,  # noqa: ARG002 - as above
        *,
        person: str,  # noqa: ARG002 - as above
    ) -> Rewriting:
        """Proposes nothing."""
        return Rewriting()

    @property
    def left_alone(self) -> Fallback | None:
        """Never."""
        return None

    async def prepare(self) -> None:
        """Loads nothing."""

    async def close(self) -> None:
        """Lets go of nothing."""
