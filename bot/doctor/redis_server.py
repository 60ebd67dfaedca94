"""The shared store: a Redis or Valkey server, what it is set to, and whether it keeps what it is told to."""

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from redis.exceptions import AuthenticationError, AuthorizationError, NoPermissionError

from bot.core.state import StoreAwayError
from bot.doctor.clocks import clock_finding
from bot.doctor.finding import Finding, State
from bot.stores.redis.address import read_address
from bot.stores.redis.looking import KNOWN, RedisLook

SUBJECT = "store"
OLDEST = (6, 2)
"""The oldest version of Redis that has what the scripts call."""

_VERSION = re.compile(r"\d{1,4}(?:\.\d{1,4}){1,3}")
_SETTINGS = "in the server's configuration, or by your provider's settings"


async def check(url: str, *, now: Callable[[], float] = time.time) -> Sequence[Finding]:
    """Says whether the server can be used, and whether it loses anything. `now` is seconds since 1970."""
    try:
        read_address(url)
    except StoreAwayError:
        return [_problem("REDIS_URL is no address of a Redis server", "write redis://host:6379/0")]
    look = RedisLook(url)
    try:
        await look.open()
        schema = await look.schema()
        asked = now()
        facts = await look.facts()
        midway = (asked + now()) / 2
    except StoreAwayError as error:
        return [_fault(error.__cause__)]
    finally:
        await look.close()
    ahead = None if facts.time is None else midway - facts.time
    return [
        _server(facts.info),
        _schema(schema),
        *(_keeps(facts.info) if facts.info else ()),
        clock_finding(SUBJECT, "the Redis server", ahead),
    ]


def _fault(cause: BaseException | None) -> Finding:
    if isinstance(cause, AuthenticationError | AuthorizationError | NoPermissionError):
        return _problem("the Redis server refuses the login", "mend the name and the password in REDIS_URL")
    if cause is None:
        says = "the Redis server did not answer in time, or does not take the options of REDIS_URL"
    else:
        says = f"the Redis server cannot be reached or used: {type(cause).__name__}"
    return _problem(says, "see that it runs, that REDIS_URL names it, and that this machine reaches it")


def _server(info: Mapping[str, object] | None) -> Finding:
    if info is None:
        says = "Redis is reached; it lets this login not ask (INFO) which version it is and what it is set to"
        return Finding(SUBJECT, State.UNSURE, says, "see that it has appendonly yes and maxmemory-policy noeviction")
    kind = "Valkey" if info.get("server_name") == "valkey" else "Redis"
    version = _version(info.get("valkey_version" if kind == "Valkey" else "redis_version"))
    compatible = _version(info.get("redis_version"))
    where = ", a cluster of which this node was asked," if info.get("cluster_enabled") == 1 else ""
    says = f"{kind} {version or 'of no known version'}{where} is reached"
    if compatible and tuple(map(int, compatible.split(".")[:2])) < OLDEST:
        return _problem(says, "upgrade the server to 6.2 or newer")
    return _ok(says)


def _schema(schema: int) -> Finding:
    if schema > KNOWN:
        says = f"it was written to by a newer Field Coach (schema {schema}, this one knows {KNOWN})"
        return _problem(says, "upgrade the program, or name another REDIS_URL")
    if not schema:
        return _ok("it holds nothing of the coach yet: the first start begins it")
    later = f" of {KNOWN}, which the next start brings it to" if schema < KNOWN else ""
    return _ok(f"schema {schema}{later}")


def _keeps(info: Mapping[str, object]) -> Iterator[Finding]:
    """What the server's settings and its state come to for what it is given to keep."""
    if info.get("role") in ("slave", "replica"):
        yield _problem("it is a replica, which takes no writes", "name the primary in REDIS_URL")
    if info.get("aof_enabled") == 1:
        yield _ok("it keeps data on disk (appendonly yes)")
    else:
        mend = f"set appendonly yes {_SETTINGS}"
        yield _problem("it does not keep data on disk as it comes: a restart loses what was acknowledged", mend)
    if "err" in (info.get("aof_last_write_status"), info.get("aof_last_bgrewrite_status")):
        yield _problem("its last write to the disk failed", "see the server's log, and make room on its disk")
    if info.get("maxmemory_policy") == "noeviction":
        yield _ok("it evicts nothing (maxmemory-policy noeviction)")
    else:
        mend = f"set maxmemory-policy noeviction {_SETTINGS}"
        yield _problem("it throws data away when its memory is full", mend)


def _version(written: object) -> str:
    return written if isinstance(written, str) and _VERSION.fullmatch(written) else ""


def _ok(says: str) -> Finding:
    return Finding(SUBJECT, State.OK, says)


def _problem(says: str, mend: str) -> Finding:
    return Finding(SUBJECT, State.PROBLEM, says, mend)
