"""A login server on loopback, and the way to it for a client that only knows Microsoft's by name."""

import threading
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from aiohttp import web
from aiohttp.test_utils import TestServer

APP_ID = "11111111-2222-3333-4444-555555555555"
PASSWORD = "the-secret~of.the_app"  # noqa: S105
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
HOST = "https://login.example"

Answer = Callable[[], web.Response]


class LoginServer:
    """Gives tokens, each another; `asked` is every form that asked for one, as it came.

    What it answers in place of a token is `answer`, in place of what it says of itself `discovery`.
    """

    def __init__(self) -> None:
        self.asked: list[Mapping[str, str]] = []
        self.lasts: object = 3_600
        self.answer: Answer | None = None
        self.discovery: Answer | None = None
        self.found = 0
        app = web.Application()
        app.router.add_get("/{tenant}/v2.0/.well-known/openid-configuration", self._discovered)
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)
        app.router.add_get("/metadata/identity/oauth2/token", self._identity)
        self._server = TestServer(app, host="127.0.0.1")

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    async def _discovered(self, request: web.Request) -> web.Response:
        self.found += 1
        if self.discovery:
            return self.discovery()
        address = f"{HOST}/{request.match_info['tenant']}"
        return web.json_response(
            {
                "issuer": f"{address}/v2.0",
                "authorization_endpoint": f"{address}/oauth2/v2.0/authorize",
                "token_endpoint": f"{address}/oauth2/v2.0/token",
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        return self._given({**form, "tenant": request.match_info["tenant"]})

    async def _identity(self, request: web.Request) -> web.Response:
        return self._given(dict(request.query))

    def _given(self, form: Mapping[str, str]) -> web.Response:
        self.asked.append(form)
        if self.answer:
            return self.answer()
        return web.json_response(
            {"access_token": f"token-{len(self.asked)}", "token_type": "Bearer", "expires_in": self.lasts}
        )


class There:
    """Sends what is meant for Microsoft's login to a server on loopback, over real HTTP.

    `threads` are those that requests were sent in; none is sent before `is_open` is set.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self.threads: set[int] = set()
        self.urls: list[str] = []
        self.is_closed = False
        self.is_open = threading.Event()
        self.is_open.set()

    def get(self, url: str, **asked: Any) -> requests.Response:  # noqa: ANN401
        return self._session.get(self._address(url), **asked)

    def post(self, url: str, **asked: Any) -> requests.Response:  # noqa: ANN401
        return self._session.post(self._address(url), **asked)

    def close(self) -> None:
        self.is_closed = True
        self._session.close()

    def _address(self, url: str) -> str:
        self.threads.add(threading.get_ident())
        self.urls.append(url)
        self.is_open.wait(20)
        return self._url + urlsplit(url).path
