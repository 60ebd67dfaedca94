"""What can break, each with the replicas and the store that it breaks."""

import asyncio
import os
import signal

from tests.chaos.ground import Ground, Scenario
from tests.chaos.offset import set_offset
from tests.crowd import disturb
from tests.slack.talking import ANSWERING

EACH = 2.5
"""Seconds between the beginnings of two harms."""
PAUSED_SECONDS = 6.0
"""Longer than a call to the store may take."""
FULL_SECONDS = 1.5
HOUR = 3_600.0
JUMPED_SECONDS = 0.8
_STARTS_AGAIN = 0.3
_FAULTS = ({"status": 500}, {"drop": True}, {"hang": 0.5}, {"retry_after": 1}, {"error": "internal_error"})
_KINDNESSES = ("chat.startStream", "chat.appendStream", "assistant.threads.setStatus", "conversations.replies")


def times(seconds: float) -> range:
    return range(max(1, int(seconds / EACH)))


async def restart_redis(ground: Ground, seconds: float) -> int:
    assert ground.redis
    for _ in times(seconds):
        await asyncio.sleep(EACH - _STARTS_AGAIN)
        await asyncio.to_thread(ground.redis.stop)
        await asyncio.sleep(_STARTS_AGAIN)
        await asyncio.to_thread(ground.redis.start)
    return len(times(seconds))


async def kill_redis(ground: Ground, seconds: float) -> int:
    """What it was told is in its file: the machine goes on."""
    assert ground.redis
    for _ in times(seconds):
        await asyncio.sleep(EACH - _STARTS_AGAIN)
        os.kill(await ground.redis.process(), signal.SIGKILL)
        await asyncio.sleep(_STARTS_AGAIN)
        await asyncio.to_thread(ground.redis.stop)
        await asyncio.to_thread(ground.redis.start)
    return len(times(seconds))


async def pause_redis(ground: Ground, seconds: float) -> int:
    assert ground.redis
    count = max(1, int(seconds / (2 * PAUSED_SECONDS)))
    process = await ground.redis.process()
    for _ in range(count):
        await asyncio.sleep(1)
        with ground.redis.paused(process):
            await asyncio.sleep(PAUSED_SECONDS)
    return count


async def kill_a_replica(ground: Ground, seconds: float) -> int:
    for _ in times(seconds):
        await asyncio.sleep(ground.chance.uniform(0, EACH))
        server = ground.chance.choice(ground.servers)
        server.kill()
        await server.start()
        await server.serves()
    return len(times(seconds))


async def end_a_replica(ground: Ground, seconds: float) -> int:
    for _ in times(seconds):
        await asyncio.sleep(ground.chance.uniform(0, EACH))
        server = ground.chance.choice(ground.servers)
        await server.terminate()
        await server.start()
        await server.serves()
    return len(times(seconds))


async def fill_the_disk(ground: Ground, seconds: float) -> int:
    ballast = ground.disk / "ballast"
    for _ in times(seconds):
        await asyncio.sleep(EACH - FULL_SECONDS)
        await asyncio.to_thread(_fill, str(ballast))
        await asyncio.sleep(FULL_SECONDS)
        ballast.unlink()
    return len(times(seconds))


def _fill(ballast: str) -> None:
    handle = os.open(ballast, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        while os.write(handle, bytes(4_096)):
            pass
    except OSError:
        return  # it is full
    finally:
        os.close(handle)


async def fail_the_platform(ground: Ground, seconds: float) -> int:
    until = asyncio.get_running_loop().time() + seconds
    await disturb(ground.slack, (*ANSWERING, *_KINDNESSES), _FAULTS, until=until, chance=ground.chance)
    return len([call for call in ground.slack.calls if not call.answer.get("ok")])


async def jump_the_clock(ground: Ground, seconds: float) -> int:
    """An hour ahead, right again, an hour behind, right again."""
    for _ in times(seconds):
        for off in (HOUR, 0.0, -HOUR, 0.0):
            set_offset(ground.clock, off)
            await asyncio.sleep(JUMPED_SECONDS)
    return 4 * len(times(seconds))


SCENARIOS = (
    Scenario(name="Redis restarted", store="redis", harm=restart_redis),
    Scenario(name="Redis killed", store="redis", harm=kill_redis),
    Scenario(name="Redis paused", store="redis", harm=pause_redis),
    Scenario(name="one of two replicas killed", store="redis", replicas=2, harm=kill_a_replica),
    Scenario(name="one of two replicas told to end", store="redis", replicas=2, harm=end_a_replica),
    Scenario(name="the only replica killed", harm=kill_a_replica),
    Scenario(name="disk full", store="disk", harm=fill_the_disk),
    Scenario(name="platform failing", harm=fail_the_platform),
    Scenario(name="clock jumps, SQLite", mode="socket", harm=jump_the_clock),
    Scenario(name="clock jumps, Redis", store="redis", mode="socket", harm=jump_the_clock),
)
