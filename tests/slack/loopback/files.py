"""Files: the methods files.*, and the addresses that bytes go to and come from."""

import mimetypes

from aiohttp import web

from tests.slack.loopback.arguments import needed
from tests.slack.loopback.places import place, thread_root
from tests.slack.loopback.posting import content, post
from tests.slack.loopback.state import RefusedError, State
from tests.slack.loopback.workspace import BOT_TOKEN, BOT_USER, TEAM, Json, Message, StoredFile, Upload

_SIGN_IN = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to your workspace</body></html>"


def store(state: State, upload: Upload, user: str) -> StoredFile:
    """Keeps a file that a person attached and gives it as their message will show it."""
    id_ = state.workspace.new_id("F")
    url = upload.url or f"{state.url}/files-pri/{TEAM}-{id_}/download/{id_}"
    info: Json = {
        "id": id_,
        "created": int(state.workspace.now()),
        "timestamp": int(state.workspace.now()),
        "name": upload.name,
        "title": upload.name,
        "mimetype": upload.mimetype,
        "filetype": upload.name.rpartition(".")[2] or "text",
        "user": user,
        "user_team": state.workspace.user(user).team,
        "size": len(upload.data) if upload.size is None else upload.size,
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "file_access": "visible",
        "url_private": url,
        "url_private_download": url,
        "permalink": f"https://example.slack.com/files/{user}/{id_}/{upload.name}",
    }
    if upload.kind == "external":
        info |= {"mode": "external", "is_external": True, "external_type": "gdrive"}
        del info["url_private_download"]
    file = StoredFile(info, upload.data, upload.kind)
    state.workspace.files[id_] = file
    return file


def info(state: State, given: Json) -> Json:
    (id_,) = needed(given, "file")
    file = state.workspace.files.get(id_)
    if file is None:
        raise RefusedError("file_not_found")
    if file.kind == "tombstone":
        raise RefusedError("file_deleted")
    return {"file": file.info}


def get_upload_url(state: State, given: Json) -> Json:
    filename, length = needed(given, "filename", "length")
    if not length.isdecimal() or int(length) == 0:
        raise RefusedError("invalid_arguments", messages=["[ERROR] must be greater than 0 [json-pointer:/length]"])
    id_ = state.workspace.new_id("F")
    state.uploads[id_] = {"name": filename, "length": int(length), "data": None}
    return {"upload_url": f"{state.url}/upload/v1/{id_}", "file_id": id_}


def complete(state: State, given: Json) -> Json:
    named = given.get("files")
    if not isinstance(named, list) or not named:
        raise RefusedError("invalid_arguments", messages=["[ERROR] missing required field: files"])
    id_ = given.get("channel_id") or given.get("channels")
    channel = place(state, str(id_), to_post=True) if id_ else None
    root = thread_root(state, channel, given.get("thread_ts")) if channel else None
    files = []
    for each in named:
        upload = state.uploads.pop(str(each.get("id")) if isinstance(each, dict) else "", None)
        if upload is None or upload["data"] is None:
            raise RefusedError("file_not_found")
        mimetype = mimetypes.guess_type(upload["name"])[0] or "text/plain"
        file = store(state, Upload(upload["name"], upload["data"], mimetype), BOT_USER)
        file.info["title"] = each.get("title") or upload["name"]
        files.append(file)
    if channel is not None:
        comment = str(given.get("initial_comment") or "")
        text, blocks = content({**given, "text": comment}) if comment or given.get("blocks") else ("", [])
        post(
            state,
            Message(
                ts=state.workspace.new_ts(),
                channel=channel.id,
                user=BOT_USER,
                text=text,
                blocks=blocks,
                thread_ts=root,
                files=files,
                subtype="file_share",
            ),
        )
    return {"files": [each.info for each in files]}


class FileServer:
    """Takes uploads and gives downloads."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add_to(self, app: web.Application) -> None:
        app.router.add_post("/upload/v1/{file}", self._upload)
        app.router.add_get("/files-pri/{place}/download/{file}", self._download)

    async def _upload(self, request: web.Request) -> web.Response:
        upload = self._state.uploads.get(request.match_info["file"])
        if upload is None:
            return web.Response(status=404, text="not found")
        if request.content_type.startswith("multipart/"):
            form = await request.post()
            part = next(iter(form.values()))
            data = part.file.read() if isinstance(part, web.FileField) else str(part).encode()
        else:
            data = await request.read()
        if len(data) != upload["length"]:
            return web.Response(status=400, text="the file has not the length that was announced")
        upload["data"] = data
        return web.Response(text=f"OK - {len(data)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        """Gives the bytes; who has no right to them gets a page to sign in, with status 200."""
        file = self._state.workspace.files.get(request.match_info["file"])
        allowed = request.headers.get("Authorization") == f"Bearer {BOT_TOKEN}"
        if file is None or not allowed or "files:read" not in self._state.settings.scopes:
            return web.Response(text=_SIGN_IN, content_type="text/html")
        return web.Response(body=file.data, content_type=str(file.info["mimetype"]).partition(";")[0])
