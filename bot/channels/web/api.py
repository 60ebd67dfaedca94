"""The page's JSON interface: one method a path, replies in the shapes of `--json`."""

import re
from uuid import uuid4

from aiohttp import web

from bot.channels.web.bodies import read_json, text_field
from bot.channels.wire import reply_json
from bot.core.ask import MAX_QUESTION
from bot.core.coach import Coach
from bot.core.ports import Library
from bot.core.replies import Refused, Reply
from bot.core.review import MAX_DRAFT

_THREAD = re.compile(r"[A-Za-z0-9-]{1,64}")


class Api:
    """Answers requests with what the coach replies. `person` is who the page's user is to the coach."""

    def __init__(self, *, coach: Coach, library: Library, person: str) -> None:
        self._coach = coach
        self._library = library
        self._person = person

    async def ask(self, request: web.Request) -> web.Response:
        """`POST {"question", "thread"?}`; questions with one thread id follow up on each other."""
        body = await read_json(request)
        question = text_field(body, "question", limit=MAX_QUESTION)
        thread = body.get("thread") or uuid4().hex
        if not isinstance(thread, str) or not _THREAD.fullmatch(thread):
            raise web.HTTPBadRequest(text='"thread" takes up to 64 letters, digits and hyphens.')
        reply: Reply | None = None
        async for event in self._coach.ask(question, person=self._person, thread=f"web:{thread}"):
            if isinstance(event, Reply):
                reply = event
        if reply is None:
            raise RuntimeError("the coach ended without a reply")
        return _response(reply)

    async def review(self, request: web.Request) -> web.Response:
        """`POST {"text"}`: a draft, exactly as it was written."""
        draft = text_field(await read_json(request), "text", limit=MAX_DRAFT)
        return _response(await self._coach.review(draft))

    async def guide(self, request: web.Request) -> web.Response:
        """`GET ?words=`: the guide's rows that fit the words, all of them without words."""
        words = request.query.get("words", "")
        if len(words) > MAX_QUESTION:
            raise web.HTTPBadRequest(text=f"At most {MAX_QUESTION:,} characters can be searched for.")
        return _response(await self._coach.guide(words))

    async def lessons(self, _: web.Request) -> web.Response:
        """`GET`: what the coach speaks from, `{"lessons": [{"id", "title", "sections"}]}`."""
        knowledge = await self._library.current()
        lessons = [
            {"id": lesson.id, "title": lesson.title, "sections": list(lesson.sections)} for lesson in knowledge.lessons
        ]
        return web.json_response({"lessons": lessons})


def _response(reply: Reply) -> web.Response:
    # JSON escapes keep the body ASCII, so that a lone surrogate of a draft comes back as it came.
    return web.json_response(reply_json(reply), status=400 if isinstance(reply, Refused) else 200)
