"""The texts of others stand in a request as data, and nowhere else."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.stores.sqlite.store import SqliteStore
from tests.claude.asked import kind_of, search_results
from tests.injection.asking import AT_ONCE, question, turns
from tests.injection.coaches import Known, shipped_prompt
from tests.injection.drafts import behind_the_claim
from tests.injection.requests import HARMLESS, Sent, frame, requests, strings
from tests.injection.styles import Style, styles

ALLOWED = {
    "lesson": {".passages[].text", ".passages[].section"},
    "draft": {".draft", ".listed[].quote"},
    "question": {".question"},
    "thread": {".thread[].question", ".thread[].answer"},
}
MARKS = re.compile(r"\s*\[\d+\]")
"""Marks of an earlier answer's citations, which stand for nothing any more."""
TELLING = 20
"""Characters of an injection by which it is known again."""


async def every_request(place: str, known: Known, under: Path) -> list[tuple[Sent, ...]]:
    store = SqliteStore(under / "coach.sqlite3")
    await store.open()
    turn = asyncio.Semaphore(AT_ONCE)

    async def one(style: Style) -> tuple[Sent, ...]:
        async with turn:
            return await requests(style, place, store, known.where(place, style.id))

    every = await asyncio.gather(*map(one, (HARMLESS, *styles())))
    await store.close()
    return every


@pytest.fixture(scope="module", params=["draft", "question", "thread", "lesson"])
def sent(
    request: pytest.FixtureRequest, known: Known, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Sent, ...]]:
    return asyncio.run(every_request(request.param, known, tmp_path_factory.mktemp("requests")))


def test_a_request_with_an_injection_is_made_like_one_with_a_harmless_text(sent: list[tuple[Sent, ...]]) -> None:
    harmless, *rest = sent
    wanted = [frame(one.body) for one in harmless]
    assert {kind_of(one.body) for one in harmless} in ({"answer", "plain answer"}, {"rewrite", "plain rewrite"})
    for tried in rest:
        assert [frame(one.body) for one in tried] == wanted, tried[0].style.id


def test_a_request_has_as_many_messages_and_blocks_as_with_a_harmless_text(sent: list[tuple[Sent, ...]]) -> None:
    harmless, *rest = sent
    wanted = [counts(one) for one in harmless]
    for tried in rest:
        assert [counts(one) for one in tried] == wanted, tried[0].style.id


def test_the_system_prompt_of_a_request_is_the_shipped_one_alone(sent: list[tuple[Sent, ...]]) -> None:
    text = shipped_prompt().text
    for one in (one for tried in sent for one in tried):
        system = one.body["system"]
        assert system == text or [block["text"] for block in system] == [text], one.id


def test_the_texts_of_others_stand_in_their_own_fields_to_the_character(sent: list[tuple[Sent, ...]]) -> None:
    for one in (one for tried in sent[1:] for one in tried):
        fields = {key: value for data in one.data for key, value in data.items()}
        match one.place:
            case "draft":
                assert fields["draft"] == behind_the_claim(one.style)
            case "thread":
                assert fields["thread"][0]["question"] == turns(one.style)[0].question
                assert fields["thread"][1]["answer"] == MARKS.sub("", one.style.text)
            case _:
                assert fields["question"] == question(one.style, one.place)


def test_an_injection_stands_nowhere_else_in_a_request(sent: list[tuple[Sent, ...]]) -> None:
    for one in (one for tried in sent[1:] for one in tried):
        telling = max(one.style.text.splitlines(), key=len)[:TELLING]
        places = {path for data in one.data for path, text in strings(data) if telling in text}
        assert places <= ALLOWED[one.place], one.id
        shipped = [result for result in search_results(one.body) if not result["source"].startswith("lesson:poisoned#")]
        assert all(telling not in text for _, text in strings(shipped)), one.id


def counts(sent: Sent) -> tuple[int, ...]:
    """How many messages and blocks there are, those of the poisoned lesson aside."""
    return len(sent.body["messages"]), sum(
        "poisoned" not in block.get("source", "")
        for message in sent.body["messages"]
        for block in ([message["content"]] if isinstance(message["content"], str) else message["content"])
        if not isinstance(block, str)
    )
