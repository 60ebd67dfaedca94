"""What `/metrics` tells, read as Prometheus reads it."""

from collections import Counter
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from bot.channels.platform_measures import PlatformMeasures
from bot.channels.web.exposition import exposition
from bot.channels.web.measuring import MAX_VERSIONS, Measures, Measuring
from bot.core.admin_commands import ActivateVersion
from bot.core.messages import LOCAL
from bot.core.prompts import Figures
from bot.prompts.standing import Standing
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import PROMPT
from tests.web.calling import NOW, Client, MakeClient, connected, post
from tests.web.parts import Disk, page_app

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
        ("store_up",): 1,
        ("store_failures_total",): 0,
        ("inbox_messages", "waiting"): 0,
        ("inbox_messages", "leased"): 0,
        ("inbox_messages", "dead"): 0,
        ("inbox_oldest_seconds",): 0,
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
    assert (told["prompt_stale",], told["prompt_live_version",]) == (1, 1)
    assert not [name for name in told if name[0].startswith(("inbox", "prompt_replies"))]
    told = await scraped(client)
    assert (told["prompt_stale",], told["prompt_replies_total", "1"]) == (0, 1)


async def test_of_many_versions_the_newest_and_those_that_serve_are_told(folder: Path) -> None:
    app = page_app(folder)
    await app.open()
    for number in range(3, MAX_VERSIONS + 6):
        await app.registry.publish(LOCAL, PROMPT.format(note=f"words {number}", rule=f"Rule {number}."), "")
    newest = MAX_VERSIONS + 5
    for number in range(1, newest):  # the newest has no figures
        await app.store.counters.add(f"version:{number}", {"replies": 1})
    measures = await Measuring(history=app.history, store=app.store, prices={}).measure()
    assert list(measures.figures) == [1, *range(6, newest)]
    await app.close()


def test_nothing_known_is_told_too() -> None:
    told = samples(exposition(Measures(Standing(), is_stale=True)).decode())
    assert (told["prompt_stale",], told["prompt_live_version",]) == (1, 0)
    assert ("prompt_last_move_timestamp_seconds",) not in told


def test_a_cost_without_a_price_is_left_out() -> None:
    told = samples(exposition(Measures(Standing(), figures={7: Figures(replies=3)})).decode())
    assert told["prompt_replies_total", "7"] == 3
    assert ("prompt_cost_dollars_total", "7") not in told


def slack(**counted: int) -> PlatformMeasures:
    return PlatformMeasures(
        platform="slack",
        is_connected=True,
        taken=Counter(counted),
        duplicates=2,
        refused={"signature": 3, "not ready": 1},
        passed_over={"not addressed": 7},
    )


def test_what_a_chat_platform_counts_is_told_with_its_name_and_its_reasons() -> None:
    away = PlatformMeasures(
        platform='te"a\\m\ns', is_connected=False, taken={}, duplicates=0, refused={}, passed_over={}
    )
    text = exposition(Measures(Standing(), platforms=(slack(command=4, draft=1), away))).decode()
    told = {
        (sample.name.removeprefix("coach_platform_"), *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name.startswith("coach_platform_")
    }
    of_slack, of_away = ("platform", "slack"), ("platform", away.platform)
    assert told == {
        ("connected", of_slack): 1,
        ("connected", of_away): 0,
        ("messages_total", ("meant", "command"), of_slack): 4,
        ("messages_total", ("meant", "draft"), of_slack): 1,
        ("duplicates_total", of_slack): 2,
        ("duplicates_total", of_away): 0,
        ("refused_total", of_slack, ("reason", "not ready")): 1,
        ("refused_total", of_slack, ("reason", "signature")): 3,
        ("passed_over_total", of_slack, ("reason", "not addressed")): 7,
    }


def test_without_a_chat_platform_there_is_no_line_of_one() -> None:
    assert "platform" not in exposition(Measures(Standing())).decode()


async def test_platforms_are_asked_anew_at_each_look_and_told_while_the_store_is_away_too(folder: Path) -> None:
    disk = Disk(folder.parent)
    app = page_app(folder, store=SqliteStore(disk.file))
    await app.open()
    looks: list[PlatformMeasures] = []

    def platforms() -> tuple[PlatformMeasures, ...]:
        looks.append(slack(command=len(looks)))
        return (looks[-1],)

    measuring = Measuring(history=app.history, store=app.store, prices={}, platforms=platforms)
    there = await measuring.measure()
    assert (there.is_stale, there.platforms) == (False, (slack(command=0),))
    with disk.away():
        away = await measuring.measure()
    assert (away.is_stale, away.standing.live, away.platforms) == (True, 1, (slack(command=1),))
    await app.close()
