"""The login service: gives the app the tokens that its calls have to carry."""

import secrets

from aiohttp import web

from tests.teams.loopback.disturbances import Faults, disturbed
from tests.teams.loopback.state import RefusedError, State
from tests.teams.loopback.workspace import APP_ID, APP_PASSWORD, TENANT

SCOPE = "https://api.botframework.com/.default"
_TENANTS = (TENANT, "botframework.com")


class Login:
    """Knows which tokens it gave and until when they hold."""

    def __init__(self, state: State, faults: Faults) -> None:
        self._state = state
        self._faults = faults
        self._until: dict[str, float] = {}
        self.given = 0

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/{tenant}/oauth2/v2.0/token", self._token)

    def expire_all(self) -> None:
        """No token that was given holds any more."""
        self._until.clear()

    def check(self, header: str) -> None:
        """Refuses a call whose token is not one of these.

        Raises:
            RefusedError: 401.
        """
        kind, _, value = header.partition(" ")
        if kind != "Bearer" or self._until.get(value, 0.0) <= self._state.workspace.now():
            raise RefusedError(401)

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        try:
            await disturbed(self._faults.next("token"))
        except RefusedError as refused:
            return web.json_response({"error": "temporarily_unavailable"}, status=refused.status)
        if request.match_info["tenant"] not in _TENANTS:
            return _no(400, "invalid_request", "AADSTS90002: Tenant not found.")
        if form.get("grant_type") != "client_credentials" or form.get("scope") != SCOPE:
            return _no(400, "invalid_scope", "AADSTS70011: The provided value for scope is not valid.")
        if form.get("client_id") != APP_ID:
            return _no(400, "unauthorized_client", "AADSTS700016: Application was not found in the directory.")
        if form.get("client_secret") != APP_PASSWORD:
            return _no(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.")
        seconds = self._state.settings.token_seconds
        value = secrets.token_urlsafe(32)
        self._until[value] = self._state.workspace.now() + seconds
        self.given += 1
        return web.json_response(
            {"token_type": "Bearer", "expires_in": int(seconds), "ext_expires_in": int(seconds), "access_token": value}
        )


def _no(status: int, error: str, words: str) -> web.Response:
    return web.json_response({"error": error, "error_description": words}, status=status)
