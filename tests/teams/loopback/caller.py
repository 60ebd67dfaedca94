"""An app's own calls to the connector, without the SDK."""

from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import quote

import aiohttp

from tests.teams.loopback.login import SCOPE
from tests.teams.loopback.server import Teams
from tests.teams.loopback.workspace import APP_ID, APP_PASSWORD, BOT, TENANT, Json, account


class Answer(NamedTuple):
    """What the connector answered."""

    status: int
    body: Json
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """The error's code, "" without an error."""
        return str(self.body.get("error", {}).get("code", ""))

    @property
    def message(self) -> str:
        """The error's words, "" without an error."""
        return str(self.body.get("error", {}).get("message", ""))

    @property
    def id(self) -> str:
        return str(self.body["id"])


class Caller:
    """Takes a token once and carries it, if there is one to be had."""

    def __init__(self, teams: Teams, *, secret: str = APP_PASSWORD) -> None:
        self._teams = teams
        self._secret = secret
        self._token: str | None = None

    async def token(self) -> str:
        """A token of the login service, "" if it gives none."""
        form = {"grant_type": "client_credentials", "scope": SCOPE, "client_id": APP_ID, "client_secret": self._secret}
        async with self._session.post(f"{self._teams.login_url}/{TENANT}/oauth2/v2.0/token", data=form) as answer:
            return str((await answer.json()).get("access_token", ""))

    async def call(self, method: str, path: str, body: Json | None = None) -> Answer:
        """Calls what lies below `v3/conversations`."""
        headers = {}
        if self._teams.signed:
            self._token = self._token if self._token is not None else await self.token()
            headers["Authorization"] = f"Bearer {self._token}"
        url = f"{self._teams.service_url}v3/conversations{path}"
        async with self._session.request(method, url, json=body, headers=headers) as answer:
            return Answer(answer.status, await answer.json(), dict(answer.headers))

    async def say(self, conversation: str, text: str, **more: Any) -> Answer:  # noqa: ANN401 - JSON
        """Sends a message."""
        body = {"type": "message", "text": text, **more}
        return await self.call("POST", f"/{quote(conversation, safe='')}/activities", body)

    async def update(self, conversation: str, id_: str, text: str, **more: Any) -> Answer:  # noqa: ANN401 - JSON
        """Changes a message."""
        body = {"type": "message", "text": text, **more}
        return await self.call("PUT", f"/{quote(conversation, safe='')}/activities/{id_}", body)

    async def create(self, user: str, **more: Any) -> Answer:  # noqa: ANN401 - JSON
        """Opens the chat with a person."""
        members = [{"id": account(user)}]
        return await self.call("POST", "", {"bot": {"id": BOT}, "members": members, "tenantId": TENANT, **more})

    async def stream(
        self,
        conversation: str,
        text: str,
        kind: str,
        *,
        sequence: int | None = None,
        stream: str | None = None,
        **more: Any,  # noqa: ANN401 - JSON
    ) -> Answer:
        """Sends a piece of a stream, or with `kind` "final" its end."""
        info: Json = {"type": "streaminfo", "streamType": kind, "streamId": stream, "streamSequence": sequence}
        info = {name: value for name, value in info.items() if value is not None}
        entities = [info, *more.pop("entities", ())]
        type_ = "message" if kind == "final" else "typing"
        body = {"type": type_, "text": text, "entities": entities, **more}
        return await self.call("POST", f"/{quote(conversation, safe='')}/activities", body)

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()
