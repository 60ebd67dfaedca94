"""The page's JSON interface: one method a path, replies in the shapes of `--json`.

Questions and drafts go through the inbox, as on every platform: a message that is sent again under its own id is not
answered twice, and one whose sender has gone, or whose server has, can be asked for later.
"""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import uuid4

from aiohttp import web

from bot.channels.web.bodies import is_name, name_field, read_json, text_field
from bot.channels.web.decisions import decided_json, refused_status, sent_decision
from bot.channels.web.errors import answered
from bot.channels.web.identity import CHANNEL, bare, qualified, review_id
from bot.channels.web.messages import Hear, Messages, hear_nothing
from bot.channels.web.outcomes import fingerprint, read_outcome
from bot.channels.web.streaming import EventStream, wants_events
from bot.channels.web.trust import PERSON
from bot.channels.wire import reply_json
from bot.core.ask import MAX_QUESTION
from bot.core.coach import Coach
from bot.core.messages import Incoming, Meant, Reaction
from bot.core.open_reviews import OpenReviews
from bot.core.ports import Library
from bot.core.replies import Refused, Reply
from bot.core.review import MAX_DRAFT
from bot.core.state import Outcome

REACTIONS: Mapping[object, Reaction] = {"up": "up", "down": "down"}


class Api:
    """Answers requests with what the coach replies.

    Each request holds, under `PERSON`, who sent it. A stream of events is quiet for at most `quiet` seconds.
    """

    def __init__(
        self,
        *,
        coach: Coach,
        library: Library,
        messages: Messages,
        reviews: OpenReviews,
        quiet: float,
    ) -> None:
        self._coach = coach
        self._library = library
        self._messages = messages
        self._reviews = reviews
        self._quiet = quiet

    async def ask(self, request: web.Request) -> web.StreamResponse:
        """`POST {"question", "thread"?, "id"?}`; questions with one thread follow up on each other."""
        body = await read_json(request)
        question = text_field(body, "question", limit=MAX_QUESTION)
        return await self._take(request, body, question, Meant.QUESTION)

    async def review(self, request: web.Request) -> web.StreamResponse:
        """`POST {"text", "id"?}`: a draft, exactly as it was written."""
        body = await read_json(request)
        return await self._take(request, body, text_field(body, "text", limit=MAX_DRAFT), Meant.DRAFT)

    async def decide(self, request: web.Request) -> web.Response:
        """`POST {"review", "place", "choice": "use" | "keep" | "not meant", "reason"?, "may_show"?}`.

        What the writer decides about the replacement at `place`, from 0, of a review.
        """
        sent = sent_decision(await read_json(request))
        decided = await self._reviews.decide(
            review_id(sent.review),
            sent.place,
            sent.chosen,
            person=request[PERSON],
            may_show=sent.chosen.may_show,
            withdraws=True,  # the page shows what was agreed to
        )
        if isinstance(decided, Refused):
            return web.json_response(reply_json(decided), status=refused_status(decided))
        return web.json_response(decided_json(decided.chosen[sent.place]))

    async def reply(self, request: web.Request) -> web.Response:
        """`GET`: the reply to one's own message of this id; 202 while there is none, 404 where no such id is known."""
        message_id = qualified(request.match_info["id"], request[PERSON])
        is_own = is_name(request.match_info["id"])  # what is no name may be another person's id and a name
        outcome = await self._messages.outcome(message_id) if is_own else None
        if outcome is None:
            return web.json_response({"error": "No message of this id is known."}, status=404)
        return await self._outcome_response(message_id, outcome)

    async def feedback(self, request: web.Request) -> web.Response:
        """`POST {"id", "thread"?, "reaction": "up" | "down"}`: what the person thinks of an answer."""
        body = await read_json(request)
        id_ = name_field(body, "id")
        reaction = body.get("reaction")
        if id_ is None or not isinstance(reaction, str) or reaction not in REACTIONS:
            raise web.HTTPBadRequest(text='Send {"id", "thread", "reaction"}, the reaction being "up" or "down".')
        thread = name_field(body, "thread") or id_
        person = request[PERSON]
        return _response(
            await self._coach.react(
                qualified(thread, person), qualified(id_, person), person=person, reaction=REACTIONS[reaction]
            )
        )

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

    async def _take(
        self, request: web.Request, body: Mapping[str, object], text: str, meant: Meant
    ) -> web.StreamResponse:
        """Puts a message in and, unless the sender prefers not to, waits for its reply."""
        id_ = name_field(body, "id") or uuid4().hex
        thread = name_field(body, "thread") or id_  # a message that belongs to no thread begins one
        person = request[PERSON]
        message = Incoming(
            id=qualified(id_, person),
            person=person,
            thread=qualified(thread, person),
            text=text,
            channel=CHANNEL,
            meant=meant,
        )
        is_new = await self._messages.put(message)
        if _prefers_no_wait(request):
            response = _pending(id_)
            response.headers["Preference-Applied"] = "respond-async"
            return response
        if not wants_events(request):
            return await self._replied(message)
        known = None if is_new else await self._messages.outcome(message.id)
        if known is not None and known.ended:
            response = await self._reply_response(message, known)
            if response.status >= HTTPStatus.BAD_REQUEST:
                return response
        stream = EventStream(quiet=self._quiet)
        await stream.begin(request)
        return await stream.end(await answered(request, self._replied(message, stream.hear)))

    async def _replied(self, message: Incoming, hear: Hear = hear_nothing) -> web.Response:
        return await self._reply_response(message, await self._messages.ended(message, hear))

    async def _reply_response(self, message: Incoming, outcome: Outcome) -> web.Response:
        """What came of a message, for who sent it.

        Raises:
            web.HTTPConflict: it is another message of the same id that was answered.
        """
        id_ = bare(message.id)
        if outcome.reply is not None and read_outcome(outcome.reply).of != fingerprint(message):
            raise web.HTTPConflict(text=f"Another message has the id {id_}: send this one under an id of its own.")
        return await self._outcome_response(message.id, outcome)

    async def _outcome_response(self, message_id: str, outcome: Outcome) -> web.Response:
        if not outcome.ended:
            return _pending(bare(message_id), place=await self._messages.place(message_id))
        if outcome.reply is None:
            return web.json_response({"error": "The reply is not kept any more: send the message anew."}, status=410)
        kept = read_outcome(outcome.reply)
        return web.json_response(kept.body, status=kept.status)


def _prefers_no_wait(request: web.Request) -> bool:
    """Whether a `Prefer` header (RFC 7240) asks for an answer at once."""
    preferences = ",".join(request.headers.getall("Prefer", [])).split(",")
    return "respond-async" in (preference.partition(";")[0].strip().lower() for preference in preferences)


def _pending(id_: str, *, place: int | None = None) -> web.Response:
    """Says that there is no reply yet; `place` is the message's number among those that wait."""
    body = {"id": id_, "pending": True} | ({} if place is None else {"place": place})
    return web.json_response(body, status=202, headers={"Location": f"/api/replies/{id_}"})


def _response(reply: Reply) -> web.Response:
    return web.json_response(reply_json(reply), status=400 if isinstance(reply, Refused) else 200)
