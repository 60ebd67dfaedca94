"""Who is behind the token: each browser a person of its own, and nobody who guesses."""

import hashlib
import hmac
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.channels.web.app import MAX_SIGN_IN
from bot.channels.web.attempts import MOST, SECONDS, Attempts
from bot.core.messages import LOCAL
from bot.core.ports import AnswerTask, Composed
from bot.core.prompts import Prompt
from bot.core.replies import Delta
from tests.prompts.replicas import Clock
from tests.web.calling import NOW, Client, MakeClient, assert_one_line, connected, get, post
from tests.web.parts import QuotingEngine, page_app

TOKEN = "a-long-and-secret-token"  # noqa: S105 - a test's token
BEARER = {"Authorization": f"Bearer {TOKEN}"}
QUESTION = {"question": "When is a van booked?", "thread": "vans", "id": "one"}


class NotingEngine(QuotingEngine):
    """An engine that notes for whom it answers."""

    def __init__(self) -> None:
        self.persons: list[str] = []

    async def answer(self, task: AnswerTask, prompt: Prompt, *, person: str) -> AsyncGenerator[Delta | Composed, None]:
        """Answers as the others do."""
        self.persons.append(person)
        async for item in super().answer(task, prompt, person=person):
            yield item


@dataclass(slots=True)
class Place:
    """One coach, behind a token, and its callers."""

    folder: Path
    make: MakeClient
    engine: NotingEngine = field(default_factory=NotingEngine)
    clock: Clock = field(default_factory=Clock)

    async def client(self, token: str | None = TOKEN) -> Client:
        """A caller of a replica of its own, which shares the state with the others."""
        app = page_app(self.folder, engine=self.engine)
        return await connected(app, self.make, token=token, attempts=Attempts(clock=self.clock))

    async def browser(self) -> Client:
        """One that has signed in."""
        client = await self.client()
        assert await post(client, "/api/signin", {"token": TOKEN}) == (200, {"signed_in": True})
        return client


@pytest.fixture
def place(folder: Path, aiohttp_client: MakeClient) -> Place:
    return Place(folder, aiohttp_client)


def cookie_of(client: Client) -> str:
    (cookie,) = client.session.cookie_jar
    return cookie.value


async def test_each_browser_is_a_person_of_its_own_and_programs_are_one(place: Place) -> None:
    ann, ben, program, local = (
        await place.browser(),
        await place.browser(),
        await place.client(),
        await place.client(None),
    )
    for client, headers in ((ann, {}), (ann, {}), (ben, {}), (program, BEARER), (local, {})):
        assert (await post(client, "/api/ask", QUESTION | {"id": "", "thread": ""}, headers))[0] == 200
    first, again, other, *rest = place.engine.persons
    assert first == again == f"web:{cookie_of(ann).partition('.')[0]}"
    assert other.startswith("web:")
    assert other != first
    assert rest == ["web", LOCAL]


async def test_nobody_hears_or_goes_on_with_what_another_browser_asked(place: Place) -> None:
    ann, ben = await place.browser(), await place.browser()
    _, answer = await post(ann, "/api/ask", QUESTION)
    assert answer["id"] == "one"
    program = await place.client()
    for path in ("/api/replies/one", f"/api/replies/{cookie_of(ann).partition('.')[0]}:one"):
        assert (await get(ben, path))[0] == 404
        assert (await program.get(path, headers=BEARER)).status == 404
        assert (await program.get(path)).status == 401
    status, refused = await post(ben, "/api/feedback", {"id": "one", "thread": "vans", "reaction": "up"})
    assert status == 400
    assert_one_line(refused)
    status, own = await post(ben, "/api/ask", QUESTION | {"question": "What does a box of books weigh?"})
    assert status == 200
    assert own["answer"].startswith("(question 1)")
    assert await get(ann, "/api/replies/one") == (200, answer)


async def test_one_browser_that_is_forgotten_leaves_the_others(place: Place) -> None:
    ann, ben = await place.browser(), await place.browser()
    for client in (ann, ben):
        assert (await post(client, "/api/ask", QUESTION))[0] == 200
    app = page_app(place.folder)
    await app.open()
    await app.forgetting.forget(place.engine.persons[0])
    await app.close()
    answers = [await post(client, "/api/ask", QUESTION | {"id": "two"}) for client in (ann, ben)]
    assert [answer["answer"][:12] for _, answer in answers] == ["(question 1)", "(question 2)"]


async def test_a_browser_stays_who_it_is_in_every_replica_and_when_it_signs_in_again(place: Place) -> None:
    ann, replica = await place.browser(), await place.client()
    before = cookie_of(ann)
    assert await post(replica, "/api/signin", {"token": TOKEN}, {"Cookie": f"coach_session={before}"}) == (
        200,
        {"signed_in": True},
    )
    assert cookie_of(replica) == before


def of_before() -> str:
    """The cookie that this coach gave before browsers had ids."""
    return hmac.new(TOKEN.encode(), b"field-coach web session", hashlib.sha256).hexdigest()


@pytest.mark.parametrize("cookie", ["", ".", "x", "a.b", of_before(), f".{of_before()}", f"a.{of_before()}"])
async def test_a_cookie_that_this_coach_did_not_give_signs_nobody_in(place: Place, cookie: str) -> None:
    client = await place.client()
    response = await client.get("/api/lessons", headers={"Cookie": f"coach_session={cookie}"})
    assert response.status == 401


async def test_a_browser_cannot_become_another(place: Place) -> None:
    ann, ben = await place.browser(), await place.browser()
    forged = cookie_of(ann).partition(".")[0] + "." + cookie_of(ben).partition(".")[2]
    client = await place.client()
    response = await client.get("/api/lessons", headers={"Cookie": f"coach_session={forged}"})
    assert response.status == 401


async def test_after_too_many_wrong_tokens_none_is_looked_at_for_a_minute(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    client = await place.client()
    for guess in range(MOST // 2):
        assert (await post(client, "/api/signin", {"token": f"guess {guess}"}))[0] == 403
        assert (await client.get("/api/lessons", headers={"Authorization": f"Bearer {guess}"})).status == 401
    place.clock.seconds += SECONDS - 1
    signing_in = await client.post("/api/signin", json={"token": TOKEN})
    calling = await client.get("/api/lessons", headers=BEARER)
    for response in (signing_in, calling):
        assert (response.status, response.headers["Retry-After"]) == (429, "1")
        assert await response.json() == {"error": "There were too many wrong tokens just now: try again in 1 seconds."}
    assert not signing_in.cookies
    logged = [record.getMessage() for record in caplog.records if record.name == "bot.channels.web.attempts"]
    assert logged == [f"{MOST} wrong tokens within 60 s: for a while none is looked at"]
    place.clock.seconds += 1
    assert (await post(client, "/api/signin", {"token": TOKEN}))[0] == 200


async def test_who_is_signed_in_stays_so_whatever_others_guess(place: Place) -> None:
    ann = await place.browser()
    for guess in range(MOST):
        await post(ann, "/api/signin", {"token": f"guess {guess}"})
    assert (await post(ann, "/api/signin", {"token": TOKEN}))[0] == 429
    assert (await get(ann, "/api/lessons"))[0] == 200


async def test_one_wrong_token_again_and_again_locks_nobody_out(place: Place) -> None:
    client = await place.client()
    for _ in range(2 * MOST):
        assert (await client.get("/api/lessons", headers={"Authorization": "Bearer of-before"})).status == 401
        assert (await client.get("/api/lessons")).status == 401
    assert (await client.get("/api/lessons", headers=BEARER)).status == 200


async def test_whoever_signs_in_cannot_send_much(place: Place) -> None:
    client = await place.client()
    status, refused = await post(client, "/api/signin", {"token": "x" * MAX_SIGN_IN})
    assert status == 413
    assert_one_line(refused)


async def test_a_pending_reply_is_named_without_its_person(place: Place) -> None:
    ann = await place.browser()
    status, pending = await post(ann, "/api/ask", QUESTION, NOW)
    assert (status, pending["id"]) == (202, "one")


@pytest.mark.parametrize("words", ["prompts", "prompts activate 1", "prompts rollback", "forget me"])
@pytest.mark.parametrize("token", [TOKEN, None])
async def test_no_command_of_the_chat_can_be_given_on_the_page(place: Place, token: str | None, words: str) -> None:
    client = await place.client(token)
    app = page_app(place.folder)
    await app.open()
    before = await app.history.standing()
    status, reply = await post(client, "/api/ask", {"question": words}, BEARER if token else {})
    assert (status, reply["covered"]) == (200, False)  # it is a question, also for who is an admin on this machine
    assert await app.history.standing() == before
    await app.close()
