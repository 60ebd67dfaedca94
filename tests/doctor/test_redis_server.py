"""The shared store as the doctor sees it: a real server, well and in every way wrong, and left as it is."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.doctor import redis_server as doctored
from bot.doctor.examining import Check, examine
from bot.doctor.finding import Finding, State
from bot.doctor.kept import read_kept
from bot.settings import Settings
from bot.stores.redis.looking import KNOWN
from bot.stores.redis.store import RedisStore
from tests.doctor.keeping import give_up
from tests.doctor.saying import only, told, worst
from tests.stores.redis_server import Server, free_port, running


async def checked(url: str) -> Sequence[Finding]:
    """What the doctor tells, in the time it has."""
    return await examine([Check("store", lambda: lambda: doctored.check(url))])


async def test_a_server_as_it_should_be_is_well_before_and_after_the_first_start(redis_server: Server) -> None:
    await redis_server.say("FLUSHALL")
    findings = await checked(redis_server.url)
    assert [finding.state for finding in findings] == [State.OK] * 5
    assert findings[0].says.startswith("Valkey ")
    assert findings[1].says == "it holds nothing of the coach yet: the first start begins it"
    assert await redis_server.say("DBSIZE") == 0
    store = RedisStore(redis_server.url)
    await store.open()
    await give_up(store, dead=2, waiting=1)
    keys = sorted(await redis_server.say("KEYS", "*"))
    assert (await checked(redis_server.url))[1].says == f"schema {KNOWN}"
    kept = await read_kept(Settings.model_validate({"redis_url": redis_server.url}))
    assert kept
    assert (kept.depth.dead, kept.depth.waiting) == (2, 1)
    assert sorted(await redis_server.say("KEYS", "*")) == keys
    await store.close()


async def test_a_newer_schema_is_told_and_nothing_of_it_read(redis_server: Server) -> None:
    await redis_server.say("FLUSHALL")
    await redis_server.say("SET", "coach:{meta}:schema", KNOWN + 1)
    assert "was written to by a newer Field Coach" in only(await checked(redis_server.url)).says
    assert await read_kept(Settings.model_validate({"redis_url": redis_server.url})) is None
    await redis_server.say("FLUSHALL")


async def test_a_server_that_loses_what_it_is_given_is_a_problem(tmp_path: Path) -> None:
    with running(tmp_path, appendonly="no", maxmemory_policy="allkeys-lru") as server:
        problems = worst(await checked(server.url))
    assert [problem.mend.partition(" in ")[0] for problem in problems] == [
        "set appendonly yes",
        "set maxmemory-policy noeviction",
    ]


async def test_a_login_that_is_refused_is_told_without_the_password(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        await server.say("CONFIG", "SET", "requirepass", "right")
        for login in ("", ":wr0ng@", "dana:wr0ng@"):
            problem = only(await checked(f"redis://{login}127.0.0.1:{server.port}"))
            assert problem.says == "the Redis server refuses the login"
            assert "wr0ng" not in problem.mend
        findings = await checked(f"redis://:right@127.0.0.1:{server.port}")
        assert findings[0].state is State.OK


async def test_a_login_that_may_not_ask_is_told_what_to_look_at(redis_server: Server) -> None:
    await redis_server.say("ACL", "SETUSER", "coach", "on", ">pass", "~coach:*", "+@all", "-info", "-time")
    findings = await checked(f"redis://coach:pass@127.0.0.1:{redis_server.port}")
    assert [finding.state for finding in findings] == [State.UNSURE, State.OK, State.UNSURE]
    assert "appendonly yes" in findings[0].mend


@pytest.mark.parametrize(
    "url",
    [
        "redis://:hush@127.0.0.1:{port}",
        "redis://:hush@127.0.0.1:{port}/0?socket_timeout=hush",
        "redis://:hush@127.0.0.1:{port}/0?hush=1",
        "unix:///hush/hush.sock",
        "hush",
        "mysql://hush",
        "redis://:hu/sh@h",
        "redis://h:hush",
    ],
)
async def test_a_server_that_is_not_there_is_one_line(url: str) -> None:
    (finding,) = await checked(url.format(port=free_port()))
    assert finding.state is State.PROBLEM
    assert finding.mend
    assert "hush" not in finding.says + finding.mend
    assert "looked at" not in finding.says


async def test_a_server_that_does_not_answer_is_told_in_time(tmp_path: Path) -> None:
    with running(tmp_path) as server:
        process = await server.process()
        with server.paused(process):
            (finding,) = await checked(server.url)
    assert finding.state is State.PROBLEM


async def test_clocks_that_differ_are_told(redis_server: Server) -> None:
    server_time, _ = await redis_server.say("TIME")
    findings = await doctored.check(redis_server.url, now=lambda: int(server_time) + 300)
    assert "ahead of that of the Redis server" in only(findings).says


async def test_a_cluster_is_read_whole_and_one_node_is_asked_what_it_is_set_to(
    redis_cluster: Sequence[Server],
) -> None:
    store = RedisStore(redis_cluster[0].url)
    await store.open()
    await give_up(store, dead=1)
    await store.close()
    findings = await checked(redis_cluster[1].url)
    kept = await read_kept(Settings.model_validate({"redis_url": redis_cluster[2].url}))
    assert not worst(findings)
    assert "a cluster of which this node was asked" in findings[0].says
    assert told(findings)[1] == (State.OK, f"schema {KNOWN}")
    assert kept
    assert kept.depth.dead == 1
