"""The way to the server or the cluster: one call for both, with a deadline, and one error for all that can go wrong.

redis-py by itself tries a command eleven times with five seconds for each. Here it tries once; `Connection` does the
rest, and no call takes longer than `DEADLINE`.
"""

import asyncio
from builtins import TimeoutError as BuiltinTimeout
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, TypeVar, cast

from redis.asyncio import Redis, RedisCluster
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ClusterDownError,
    ConnectionError,
    NoScriptError,
    ReadOnlyError,
    RedisClusterException,
    RedisError,
    ResponseError,
    TimeoutError,
    TryAgainError,
)

from bot.core.state import StoreAwayError
from bot.stores.redis.address import Address, read_address
from bot.stores.redis.scripts import Script

CONNECT = 1.0
"""Seconds for a connection to come about."""
ANSWER = 2.0
"""Seconds for the server to answer one command."""
DEADLINE = 3.0
"""Seconds for a call in all, tries and pauses included."""
PAUSES = (0.05, 0.2)
"""Seconds before the second and before the third try."""
CALLS = 64
"""Calls under way at once; more wait, within their deadline."""
WAITS = 64
"""Waits for work at once, counted apart so that they hold up no other call."""
BLOCK = 1.0
"""Longest wait for work in one call, in seconds: shorter than `ANSWER`, or each would end as a timeout."""

_Argument = str | int | float
_Command = tuple[_Argument, ...]
_Client = TypeVar("_Client", Redis, RedisCluster)

_NOT_DONE = (BusyLoadingError, ClusterDownError, ReadOnlyError, TryAgainError)
"""Answers that say that nothing was done, and that it may work in a moment."""
_PERHAPS_DONE = (ConnectionError, TimeoutError, RedisClusterException)
"""Failures that leave open whether the server did what it was asked."""
_FAULTS = (RedisError, RedisClusterException, OSError)


class Connection:
    """Runs scripts on the server that `url` names, or on the cluster that it is a node of.

    Every method but `close` raises `StoreAwayError` when the server cannot be reached or refuses, with one line that
    names it by host and port and never holds the password.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._address = Address("redis", None)
        self._connect: Callable[[], Redis | RedisCluster] | None = None
        self._client: Redis | RedisCluster | None = None
        self._calls = asyncio.Semaphore(CALLS)
        self._waits = asyncio.Semaphore(WAITS)
        self.failures = 0

    @property
    def name(self) -> str:
        """The server for people to read: "redis at host:port"."""
        return self._address.name

    async def open(self) -> None:
        """Connects, and finds out whether the server is a node of a cluster."""
        await self.close()
        self._address = read_address(self._url)
        async with self.deadline():
            try:
                server = self._single()
            except ValueError:
                raise StoreAwayError(self._address.line("REDIS_URL has an option that cannot be read")) from None
            try:
                # HELLO needs no more rights than a login; INFO and CLUSTER are often kept from applications.
                said = cast("list[object]", await _execute(server, ("HELLO",)))
            except TypeError:
                raise StoreAwayError(self._address.line("REDIS_URL has an option that is not known")) from None
            finally:
                await _close(server)
            clustered = dict(zip(said[::2], said[1::2], strict=True)).get("mode") == "cluster"
            self._connect = self._clustered if clustered else self._single
            self._client = self._connect()

    async def close(self) -> None:
        """Closes every connection; nothing raises."""
        client, self._client, self._connect = self._client, None, None
        if client is not None:
            await _close(client)

    @asynccontextmanager
    async def deadline(self) -> AsyncIterator[None]:
        """Makes what is done within it end in time, and fail as a call does: for acts of several calls."""
        try:
            async with asyncio.timeout(DEADLINE):
                yield
        except BuiltinTimeout:
            raise self._away(f"no answer within {DEADLINE:g} seconds") from None
        except AuthenticationError as error:
            raise self._away(f"the login was refused: {error}") from error
        except _FAULTS as error:
            # What follows is the script's digest and the place in it.
            reason = str(error).split(" script: ")[0]
            raise self._away(reason or type(error).__name__) from error

    def _away(self, reason: str) -> StoreAwayError:
        self.failures += 1
        return StoreAwayError(self._address.line(reason))

    async def number(self, script: Script, keys: Sequence[str], *arguments: _Argument, again: bool = True) -> int:
        """Runs a script that gives an integer.

        Args:
            script: what to run.
            keys: the keys that it is given, all of one slot.
            arguments: its other arguments.
            again: whether it may run twice; when an answer is lost it may have run, and is run again.

        Returns:
            What the script gives.
        """
        return cast("int", await self._run(script, keys, arguments, again=again))

    async def texts(self, script: Script, keys: Sequence[str], *arguments: _Argument, again: bool = True) -> list[str]:
        """Runs a script that gives a list of texts; otherwise as `number`."""
        return cast("list[str]", await self._run(script, keys, arguments, again=again))

    async def wait(self, stream: str, after: str, seconds: float) -> None:
        """Waits until a stream has an entry behind `after`, at most `seconds` and never longer than `BLOCK`."""
        # 0 would mean for ever.
        milliseconds = max(1, int(min(seconds, BLOCK) * 1000))
        command = ("XREAD", "COUNT", 1, "BLOCK", milliseconds, "STREAMS", stream, after)
        async with self.deadline(), self._waits:
            await self._ask(command, again=True)

    async def facts(self, *questions: _Command) -> tuple[object | None, ...]:
        """Asks the server that the URL names, of a cluster that one node; None for each answer that it refuses."""
        async with self.deadline():
            server = self._single()
            try:
                return tuple([await _unless_refused(server, question) for question in questions])
            finally:
                await _close(server)

    async def _run(self, script: Script, keys: Sequence[str], arguments: _Command, *, again: bool) -> object:
        rest = (len(keys), *keys, *arguments)
        async with self.deadline(), self._calls:
            try:
                return await self._ask(("EVALSHA", script.digest, *rest), again=again)
            except NoScriptError:
                # A server that was started anew, or whose scripts were flushed. This leaves it the script.
                return await self._ask(("EVAL", script.text, *rest), again=again)

    async def _ask(self, command: _Command, *, again: bool) -> object:
        for pause in PAUSES:
            client = self._opened()
            try:
                return await _execute(client, command)
            except _NOT_DONE as error:
                await self._reconsider(client, error)
            except AuthenticationError:
                raise
            except _PERHAPS_DONE as error:
                await self._reconsider(client, error)
                if not again:
                    raise
            await asyncio.sleep(pause)
        return await _execute(self._opened(), command)

    def _opened(self) -> Redis | RedisCluster:
        if self._connect is None:
            raise self._away("the store is not open")
        if self._client is None:
            self._client = self._connect()
        return self._client

    async def _reconsider(self, client: Redis | RedisCluster, error: Exception) -> None:
        """Lets go of what the client believes about where the server is, where the error says that it is wrong."""
        if isinstance(client, RedisCluster):
            # It only knows the nodes that it saw last. When none of them answers, they may have moved, and the name in
            # the URL is the way back.
            if isinstance(error, RedisClusterException) and self._client is client:
                self._client = None
                await _close(client)
        elif isinstance(error, ReadOnlyError):
            # After a failover the name leads to another server, the open connections to the demoted one.
            pool = cast("Any", client.connection_pool)
            await pool.update_active_connections_for_reconnect()
            await pool.disconnect(inuse_connections=False)

    def _single(self) -> Redis:
        return self._made(Redis)

    def _clustered(self) -> RedisCluster:
        return self._made(RedisCluster)

    def _made(self, kind: type[_Client]) -> _Client:
        made = cast("Any", kind).from_url(
            self._url,
            socket_connect_timeout=CONNECT,
            socket_timeout=ANSWER,
            retry=Retry(NoBackoff(), 0),
            max_connections=CALLS + WAITS,
            # The older protocol has no messages of the server's own accord, by which redis-py lengthens timeouts.
            protocol=2,
            decode_responses=True,
            # An id or a reply may hold a lone surrogate.
            encoding_errors="surrogatepass",
        )
        return cast("_Client", made)


async def _execute(client: Redis | RedisCluster, command: _Command) -> object:
    try:
        return cast("object", await cast("Any", client).execute_command(*command))
    except (AttributeError, RuntimeError) as error:
        # How redis-py fails when one call that finds a node away closes the connection that another is opening.
        raise ConnectionError("the connection was closed") from error


async def _unless_refused(server: Redis, question: _Command) -> object | None:
    try:
        return await _execute(server, question)
    except ResponseError:  # a user whom the server lets do no more than the coach needs
        return None


async def _close(client: Redis | RedisCluster) -> None:
    with suppress(*_FAULTS):
        await client.aclose()
    if isinstance(client, RedisCluster):
        # After a failure the cluster client believes to be closed while connections of it are still open.
        for nodes in ("nodes_cache", "startup_nodes"):
            with suppress(*_FAULTS):
                await client.nodes_manager.aclose(nodes)
