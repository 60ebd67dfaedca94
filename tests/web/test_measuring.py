"""What is measured while the store is there, goes or hangs, and how it is told to Prometheus."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.channels.platform_measures import PlatformMeasures
from bot.channels.web.exposition import exposition
from bot.channels.web.measuring import MAX_VERSIONS, Measures, Measuring
from bot.core.messages import LOCAL
from bot.core.prompts import Figures, ModelFigures, Usage
from bot.core.state import Depth, StoreAwayError
from bot.prompts.standing import Standing
from bot.stores.sqlite.store import SqliteStore
from tests.fakes import PROMPT
from tests.web.parts import Disk, page_app
from tests.web.test_metrics import samples


async def test_a_store_that_goes_while_it_is_read_is_not_up(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_app(folder)
    await app.open()

    async def away() -> Depth:
        raise StoreAwayError("the store is away")

    monkeypatch.setattr(app.store.inbox, "depth", away)
    measures = await Measuring(history=app.history, store=app.store, prices={}).measure()
    told = samples(exposition(measures).decode())
    assert (told["store_up",], told["prompt_stale",], told["prompt_live_version",]) == (0, 0, 1)
    await app.close()


async def test_a_store_that_hangs_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    app = page_app(folder)
    await app.open()

    async def hangs() -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(app.history, "standing", hangs)
    monkeypatch.setattr("bot.channels.web.measuring.PATIENCE_SECONDS", 0.01)
    async with asyncio.timeout(20):
        measures = await Measuring(
            history=app.history, store=app.store, prices={}, fault=hangs, platforms=lambda: (slack(),)
        ).measure()
    told = samples(exposition(measures).decode())
    assert (told["store_up",], told["ready",], told["prompt_live_version",]) == (0, 0, 1)
    assert told["platform_connected", "slack"] == 1
    await app.close()


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
    taken = (ModelFigures("m", Usage(1, 2, 3, 4), 0.5), ModelFigures("unpriced", Usage(5, 6, 7, 8), None))
    told = samples(exposition(Measures(Standing(), figures={7: Figures(replies=3, by_model=taken)})).decode())
    assert (told["prompt_replies_total", "7"], told["prompt_tokens_total", "7", "input", "unpriced"]) == (3, 5)
    assert [name for name in told if name[0] == "prompt_cost_dollars_total"] == [
        ("prompt_cost_dollars_total", "7", "m")
    ]


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
