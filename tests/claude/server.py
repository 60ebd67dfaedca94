"""A loopback server that plays Anthropic's Messages API."""

import argparse
import asyncio
import signal
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.claude.asked import Asked, Body, object_in, search_results
from tests.claude.behaviours import INSTANT, REALISTIC, Behaviour, Fails, Pace
from tests.claude.brain import brain
from tests.claude.caching import Cache, PromptCache
from tests.claude.events import Envelope
from tests.claude.loopback import started
from tests.claude.models import KNOWN
from tests.claude.playing import Player, Sent, ServerClosesError
from tests.claude.rules import Rules, api_rules, header_fault
from tests.claude.tokens import prompt_tokens

PATIENCE = 10.0
Default = Behaviour | Callable[[Asked], Behaviour]


class MessagesApi:
    """The API on a port of this machine, from `async with` to its end.

    What is enqueued is done with the next requests in order, then `default` with every other. A request that the
    rules refuse reaches neither, as it reaches no model. `requests` is the history, `sent` says, request by request,
    when each event was written.

    Args:
        default: a behaviour, or a function that gives one for a request.
        rules: gives the fault of a request that is refused, else None.
        pace: how fast replies are streamed that do not say it themselves.
        cache: what the input costs: a `PromptCache`, which has the clock, or `NoCache`.
        port: 0 takes a free one.
    """

    def __init__(
        self,
        *,
        default: Default = brain,
        rules: Rules = api_rules,
        pace: Pace = INSTANT,
        cache: Cache | None = None,
        port: int = 0,
    ) -> None:
        self.default = default
        self.requests: list[Asked] = []
        self.sent: list[Sent] = []
        self._rules = rules
        self._pace = pace
        self._cache = cache or PromptCache()
        self._port = port
        self._script: deque[Behaviour] = deque()
        self._open = 0
        self._changed = asyncio.Event()
        self._closing = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The base URL for the SDK."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def open(self) -> int:
        """How many requests are being answered now."""
        return self._open

    async def until(self, true: Callable[[], bool]) -> None:
        """Waits until `true()`; it is asked again whenever a request comes or ends or a part of a reply is written.

        Raises:
            TimeoutError: it is not within 10 seconds.
        """
        async with asyncio.timeout(PATIENCE):
            while not true():
                await self._changed.wait()

    def enqueue(self, *behaviours: Behaviour) -> None:
        """Scripts the next requests, one each."""
        self._script.extend(behaviours)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=0)  # the rules measure the body
        app.router.add_post("/v1/messages", self._messages)
        app.router.add_post("/v1/messages/count_tokens", self._messages)
        app.router.add_get("/v1/models/{model}", self._model)
        app.router.add_get("/timings", self._timings)
        self._runner, self._port = await started(app, self._port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Ends whatever is still going on, and the server."""
        self._closing.set()
        if self._runner:
            await self._runner.cleanup()

    async def _messages(self, request: web.Request) -> web.StreamResponse:
        raw = await request.read()
        asked, sent = self._received(request, object_in(raw.decode(errors="replace")))
        fault = self._rules(asked, len(raw))
        usage = {} if fault or asked.counts_only else self._cache.usage(asked.body)
        id_ = f"msg_{len(self.requests):024}"
        envelope = Envelope(id_, str(asked.body.get("model")), search_results(asked.body), usage)
        player = Player(request, asked, envelope, self._pace, self._closing, sent, self._change)
        if fault:
            return player.fails(Fails(fault.status, fault.type), fault.message)
        if asked.counts_only:
            return player.answers({"input_tokens": prompt_tokens(asked.body)})
        return await self._play(player, self._next(asked))

    async def _model(self, request: web.Request) -> web.StreamResponse:
        """Tells of a model, or does what is next in the script."""
        name = request.match_info["model"]
        asked, sent = self._received(request, {"model": name})
        player = Player(request, asked, Envelope("", name, [], {}), self._pace, self._closing, sent, self._change)
        if fault := header_fault(asked):
            return player.fails(Fails(fault.status, fault.type), fault.message)
        if self._script:
            return await self._play(player, self._script.popleft())
        if name not in KNOWN:
            return player.fails(Fails(404, "not_found_error"), f"model: {name}")
        return player.answers({"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"})

    def _received(self, request: web.Request, body: Body) -> tuple[Asked, Sent]:
        """Puts a request into the history."""
        asked = Asked(
            id=f"req_{len(self.requests) + 1:024}",
            path=request.path,
            headers={name.lower(): value for name, value in request.headers.items()},
            body=body,
            at=time.monotonic(),
        )
        sent = Sent(asked.id, asked.at)
        self.requests.append(asked)
        self.sent.append(sent)
        self._change()
        return asked, sent

    async def _play(self, player: Player, behaviour: Behaviour) -> web.StreamResponse:
        request = player.request
        self._open += 1
        try:
            return await player.play(behaviour)
        except ServerClosesError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
        finally:
            self._open -= 1
            self._change()

    def _change(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _next(self, asked: Asked) -> Behaviour:
        if self._script:
            return self._script.popleft()
        return self.default(asked) if callable(self.default) else self.default

    async def _timings(self, _: web.Request) -> web.Response:
        return web.json_response([asdict(sent) for sent in self.sent])


async def serve(port: int, pace: Pace) -> None:
    """Serves until SIGTERM or SIGINT; prints its URL as its first line."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with MessagesApi(port=port, pace=pace) as api:
        print(api.url, flush=True)  # noqa: T201 - whoever started it reads this line
        await stop.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description="Plays Anthropic's Messages API on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--speed", choices=("instant", "realistic"), default="instant")
    options = parser.parse_args()
    asyncio.run(serve(options.port, REALISTIC if options.speed == "realistic" else INSTANT))


if __name__ == "__main__":
    main()
