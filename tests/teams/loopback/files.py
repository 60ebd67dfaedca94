"""The addresses of the files that people attached, good for everybody who knows them."""

from collections.abc import Mapping

from aiohttp import web

from tests.teams.loopback.disturbances import Faults, disturbed
from tests.teams.loopback.state import RefusedError, State
from tests.teams.loopback.workspace import Upload


class FileServer:
    """Serves `/files/{name}`; `fetched` counts what was asked for."""

    def __init__(self, state: State, faults: Faults, files: Mapping[str, Upload]) -> None:
        self._state = state
        self._faults = faults
        self._files = files
        self.fetched = 0

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/files/{name}", self._file)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        self.fetched += 1
        if "Authorization" in request.headers:
            self._state.faults.append("a file was asked for with the app's token, which is nobody's business there")
        file = self._files.get(request.match_info["name"])
        if file is None:
            return web.Response(status=404)
        try:
            await disturbed(self._faults.next("file"))
        except RefusedError as refused:
            return web.Response(status=refused.status)
        return web.Response(body=file.data, status=file.status, headers=file.headers)
