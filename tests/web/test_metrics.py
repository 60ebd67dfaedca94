"""What `/metrics` tells, read as Prometheus reads it."""

from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.core.admin_commands import ActivateVersion
from bot.core.messages import LOCAL
from bot.stores.sqlite.store import SqliteStore
from tests.web.calling import NOW, Client, MakeClient, connected, post
from tests.web.parts import Disk, FailingRetriever, page_app

QUESTION = {"question": "When is a van booked?", "thread": "vans", "id": "one"}
Samples = dict[tuple[str, ...], float]


async def scraped(client: Client) -> Samples:
    response = await client.get("/metrics")
    assert response.status == 200
    assert response.headers["Content-Type"].startswith("text/plain; version=")
    return samples(await response.text())


def samples(text: str) -> Samples:
    """Each sample's value by its name and its labels' values, the version's first."""
    return {
        (
            sample.name.removeprefix("coach_"),
            *(value for _, value in sorted(sample.labels.items(), key=lambda label: label[0] != "version")),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_it_tells_what_serves_and_what_came_of_it(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    await post(client, "/api/ask", QUESTION)
    await post(client, "/api/ask", QUESTION)
    await post(client, "/api/feedback", {"thread": "vans", "id": "one", "reaction": "down"})
    told = await scraped(client)
    assert told.pop(("prompt_last_move_timestamp_seconds",)) > 1.7e9
    assert told == {
        ("prompt_stale",): 0,
        ("prompt_live_version",): 1,
        ("prompt_trial_version",): 0,
        ("prompt_trial_share_percent",): 0,
        ("prompt_replies_total", "1"): 1,
        ("prompt_reactions", "1", "up"): 0,
        ("prompt_reactions", "1", "down"): 1,
        ("prompt_guarded_total", "1"): 0,
        ("prompt_fell_back_total", "1"): 0,
        ("prompt_tokens_total", "1", "input", "small-model"): 1_000,
        ("prompt_tokens_total", "1", "output", "small-model"): 100,
        ("prompt_tokens_total", "1", "cache_read", "small-model"): 0,
        ("prompt_tokens_total", "1", "cache_write", "small-model"): 0,
        ("prompt_cost_dollars_total", "1", "small-model"): 0.003,
        ("ready",): 1,
        ("store_up",): 1,
        ("store_failures_total",): 0,
        ("inbox_messages", "waiting"): 0,
        ("inbox_messages", "leased"): 0,
        ("inbox_messages", "dead"): 0,
        ("inbox_oldest_seconds",): 0,
        ("platform_connected", "web"): 1,
        ("platform_messages_total", "question", "web"): 1,
        ("platform_duplicates_total", "web"): 1,
    }


async def test_a_move_and_a_trial_of_another_replica_show_at_once(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder), aiohttp_client)
    other = page_app(folder)
    await other.open()
    await other.registry.move(LOCAL, ActivateVersion(number=2, note="better words", share=10))
    told = await scraped(client)
    assert (told["prompt_trial_version",], told["prompt_trial_share_percent",]) == (2, 10)
    await other.registry.move(LOCAL, ActivateVersion(number=2, note="better words"))
    told = await scraped(client)
    assert (told["prompt_live_version",], told["prompt_trial_version",]) == (2, 0)
    await other.close()


async def test_messages_that_nobody_answers_show(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder), aiohttp_client, works=False)
    await post(client, "/api/ask", QUESTION, NOW)
    told = await scraped(client)
    assert told["inbox_messages", "waiting"] == 1
    assert told["inbox_oldest_seconds",] > 0


async def test_while_the_store_is_away_it_tells_what_is_known(folder: Path, aiohttp_client: MakeClient) -> None:
    disk = Disk(folder.parent)
    client = await connected(page_app(folder, store=SqliteStore(disk.file)), aiohttp_client)
    await post(client, "/api/ask", QUESTION)
    with disk.away():
        told = await scraped(client)
    assert (told["prompt_stale",], told["prompt_live_version",], told["store_up",]) == (1, 1, 0)
    assert told["store_failures_total",] > 0
    assert not [name for name in told if name[0].startswith(("inbox", "prompt_replies"))]
    told = await scraped(client)
    assert (told["prompt_stale",], told["prompt_replies_total", "1"], told["store_up",]) == (0, 1, 1)


async def test_what_keeps_it_from_answering_shows(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder, retriever=FailingRetriever()), aiohttp_client)
    told = await scraped(client)
    assert (told["ready",], told["store_up",]) == (0, 1)
