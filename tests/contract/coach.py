"""The small coach that stands behind every channel: the same lesson, the same answers, the same words for a draft."""

import re
from collections.abc import AsyncGenerator
from pathlib import Path

from bot.app import App
from bot.core.ports import AnswerTask, Composed, RewriteTask, Rewriting
from bot.core.prompts import Prompt
from bot.core.replies import Delta, Edit
from tests import fakes
from tests.web.parts import QuotingEngine, WordingRetriever
from tests.web.waiting import until

MARKUP = "Moss & <b>lichen</b> love *shade*, `damp` and [north](http://north): scrape _them_ @here."
"""A line of the lesson that is formatted, linked or a mention wherever it is taken for markup."""
LONG = f"Where slopes meet, the flashing overlaps by two hands, {'then by two more, ' * 12}and is nailed at the top."
"""A line that is longer than what a platform shows of a source at a glance."""
LESSON = fakes.LESSON.replace(
    "## Field", "## Moss\n\n" + re.sub(r"([&<*`_\[])", r"\\\1", MARKUP) + f"\n\n## Flashing\n\n{LONG}\n\n## Field"
)
"""The lesson of the other tests, with these lines."""
IN_WRITING = "This roof is guaranteed for ten years, in writing."
"""The engine's own words for the guide's "This roof is guaranteed for ten years"."""


class StreamingEngine(QuotingEngine):
    """Streams its answers word by word; has words of its own for one sentence of a draft."""

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Gives the answer as it grows, then whole."""
        async for item in super().answer(task, prompt, person=person):
            if isinstance(item, Composed):
                for word in re.findall(r"\S+\s*", item.text):
                    yield Delta(word)
            yield item

    async def rewrite(self, task: RewriteTask, prompt: Prompt, *, person: str) -> Rewriting:
        """Proposes `IN_WRITING` in its place."""
        del prompt, person
        safe = [edit for edit in task.approved if edit.after in IN_WRITING.replace(", in writing", "")]
        return Rewriting(edits=tuple(Edit(edit.start, edit.end, edit.before, IN_WRITING) for edit in safe))


def coach(folder: Path, *, admins: frozenset[str]) -> App:
    """The coach over the lesson in `folder`, which is written; coaches of one folder share their state."""
    folder.mkdir(exist_ok=True)
    (folder / "roofs.md").write_text(LESSON, encoding="utf-8")
    return fakes.small_app(folder, retriever=WordingRetriever(), engine=StreamingEngine(), admins=admins)


async def all_answered(app: App) -> None:
    """Waits until every message that was taken in has its reply."""

    async def is_so() -> bool:
        depth = await app.store.inbox.depth()
        return not (depth.waiting or depth.leased)

    await until(is_so)
