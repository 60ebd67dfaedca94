"""Answers on wording, over the lessons that ship with their real finder: what to say, and what not to say, shown."""

from collections.abc import AsyncIterator, Callable

import pytest

from bot.core.lessons import GuideRow
from bot.engines.claude.engine import ClaudeEngine
from tests.claude.asked import Asked, search_results
from tests.claude.behaviours import Reply, Text
from tests.claude.server import MessagesApi
from tests.engines.claude.asking import Said, Setting, ask, engine_of
from tests.engines.claude.knowing import finder, shipped

ROWS = pytest.mark.parametrize("row", shipped().guide, ids=lambda row: row.row)
QUESTION = "May I speak about training?"


@pytest.fixture
async def guided(api: MessagesApi) -> AsyncIterator[ClaudeEngine]:  # noqa: ARG001 - it must be there
    async with engine_of(Setting(finder=finder())) as engine:
        yield engine


def telling(row: GuideRow, *lines: tuple[str, int]) -> Callable[[Asked], Reply]:
    """A model that says lines, each with a cell of the row that it cites."""

    def reply(asked: Asked) -> Reply:
        sources = [result["source"] for result in search_results(asked.body)]
        index = sources.index(f"lesson:{row.lesson}#row-{row.row}")
        blocks = [Text(text, cites=((index, cell, cell + 1),)) for text, cell in lines]
        return Reply(tuple(block for each in blocks for block in (each, Text("\n\n")))[:-1])

    return reply


async def asked(engine: ClaudeEngine) -> Said:
    return await ask(engine, QUESTION, knowledge=shipped())


@ROWS
async def test_what_to_say_and_what_not_to_say_are_told_as_they_are(
    api: MessagesApi, guided: ClaudeEngine, row: GuideRow
) -> None:
    api.default = telling(row, (f'Say: "{row.say}"', 1), (f'Not: "{row.dont_say}"', 0))
    said = await asked(guided)
    assert said.composed.text == f'Say: "{row.say}" [1]\n\nNot: "{row.dont_say}" [2]'
    assert (said.composed.made.fallback, said.composed.made.guarded) == (None, False)
    assert [citation.quote for citation in said.composed.citations] == [row.say, row.dont_say]


@ROWS
@pytest.mark.parametrize("dress", ["{}.", 'Say: "{}"', "Tell the buyer that {}."])
async def test_a_claim_is_corrected_whatever_it_cites(
    api: MessagesApi, guided: ClaudeEngine, row: GuideRow, dress: str
) -> None:
    api.default = telling(row, (dress.format(row.dont_say), 1))
    said = await asked(guided)
    assert f'Say: "{row.say}"' in said.composed.text
    assert row.dont_say not in said.composed.text
    assert said.composed.made.guarded
    assert said.streamed == said.composed.text
