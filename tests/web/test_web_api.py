"""The page's JSON interface, through real HTTP on loopback."""

import json
from io import BytesIO
from pathlib import Path

import pytest

from bot.channels.web.bodies import MAX_BODY
from bot.core.ask import MAX_QUESTION
from bot.core.replies import Fallback
from bot.core.review import MAX_DRAFT
from tests.web.calling import Client, MakeClient, assert_one_line, connected, get, post
from tests.web.composing import MODEL, TO_SAY, AbsentModel, AdvisingEngine
from tests.web.parts import LESSON, UnsearchableGuide, page_app

TOKEN = "a-long-and-secret-token"  # noqa: S105 - a test's token


@pytest.fixture
async def client(folder: Path, aiohttp_client: MakeClient) -> Client:
    return await connected(page_app(folder), aiohttp_client)


@pytest.fixture
async def guarded(folder: Path, aiohttp_client: MakeClient) -> Client:
    return await connected(page_app(folder), aiohttp_client, token=TOKEN)


async def test_an_answer_has_the_shape_of_ask_json_and_quotes_the_lesson(client: Client) -> None:
    status, answer = await post(client, "/api/ask", {"question": "When is a van booked?"})
    assert status == 200
    assert set(answer) == {
        *("id", "answer", "say", "covered", "citations", "closest"),
        *("engine", "model", "fallback", "fallback_says", "prompt_version", "prompt_stale", "latency_ms"),
    }
    assert (answer["say"], answer["fallback"], answer["fallback_says"]) == (None, None, None)
    assert answer["covered"]
    assert answer["citations"]
    assert all(citation["quote"] in LESSON.replace("\\", "") for citation in answer["citations"])
    assert answer["citations"][0]["section"] == "Vans"


async def test_an_answer_holds_what_to_say_ready_to_copy(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder, engine=AdvisingEngine()), aiohttp_client)
    _, answer = await post(client, "/api/ask", {"question": "When is a van booked?"})
    assert (answer["engine"], answer["model"], answer["say"]) == ("claude", MODEL, TO_SAY)


async def test_replies_of_the_lessons_in_a_models_place_say_why(folder: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(page_app(folder, engine=AbsentModel(Fallback.CUT_OFF)), aiohttp_client)
    _, answer = await post(client, "/api/ask", {"question": "When is a van booked?"})
    _, review = await post(client, "/api/review", {"text": "Nothing ever breaks."})
    for reply in (answer, review):
        assert (reply["engine"], reply["model"], reply["fallback"]) == ("lessons", MODEL, "cut off")
    assert answer["fallback_says"] == "Claude's reply was not complete, so this is in the lessons' own words."
    assert review["fallback_says"] == "Claude's reply was not complete, so the approved wording stands as it is."


async def test_what_the_lessons_do_not_answer_is_not_covered(client: Client) -> None:
    _, answer = await post(client, "/api/ask", {"question": "Who invented the typewriter?"})
    assert not answer["covered"]
    assert answer["citations"] == []


async def test_questions_of_one_thread_follow_up_on_each_other(client: Client) -> None:
    await post(client, "/api/ask", {"question": "When is a van booked?", "thread": "one"})
    _, follow_up = await post(client, "/api/ask", {"question": "Why is it so?", "thread": "one"})
    _, elsewhere = await post(client, "/api/ask", {"question": "Why is it so?", "thread": "two"})
    _, threadless = await post(client, "/api/ask", {"question": "Why is it so?"})
    assert [follow_up["covered"], elsewhere["covered"], threadless["covered"]] == [True, False, False]


async def test_a_review_counts_in_code_points_and_keeps_every_other_character(client: Client) -> None:
    draft = "👋🏽 Hi,\r\n\r\n\tAll good.We can move you tomorrow.\r\nBye \ud83d\r\n"
    status, review = await post(client, "/api/review", {"text": draft})
    assert status == 200
    (edit,) = review["edits"]
    assert draft[edit["start"] : edit["end"]] == edit["before"] == "We can move you tomorrow."
    assert review["rewritten"] == draft.replace(edit["before"], "We book a van a week ahead.")
    assert review["findings"][0]["why"] == "Keeps the promise that can be kept"
    assert set(review) == {
        *("review", "findings", "notes", "rewritten", "edits", "engine", "model"),
        *("fallback", "fallback_says", "prompt_version", "prompt_stale", "latency_ms"),
    }


async def test_the_guide_can_be_searched(client: Client) -> None:
    everything = await (await client.get("/api/guide")).json()
    found = await (await client.get("/api/guide", params={"words": "breaks"})).json()
    assert [row["row"] for row in everything["rows"]] == [1, 2]
    assert [row["row"] for row in found["rows"]] == [2]


async def test_the_lessons_are_named_with_their_sections(client: Client) -> None:
    listed = await (await client.get("/api/lessons")).json()
    assert listed == {
        "lessons": [
            {"id": "moving-house", "title": "Moving house", "sections": ["Packing", "Vans", "What to say"]},
        ]
    }


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/ask", b"", 400),
        ("/api/ask", b"{", 400),
        ("/api/ask", b"[" * 200_000, 400),
        ("/api/ask", b'{"question": ' + b"9" * 5_000 + b"}", 400),
        ("/api/ask", b'["question"]', 400),
        ("/api/ask", b"{}", 400),
        ("/api/ask", b'{"question": 5}', 400),
        ("/api/ask", b'{"question": "\xff"}', 400),
        ("/api/ask", b'{"question": "  "}', 400),
        ("/api/ask", b'{"question": "a\\u0000b"}', 400),
        ("/api/ask", b'{"question": "why?", "thread": "../x"}', 400),
        ("/api/ask", b'{"question": "why?", "thread": 7}', 400),
        ("/api/ask", b'{"question": "why?", "id": "a:b"}', 400),
        ("/api/ask", b'{"question": "why?", "id": ["a"]}', 400),
        ("/api/review", json.dumps({"text": "why?", "id": "a" * 65}).encode(), 400),
        ("/api/feedback", b'{"reaction": "up"}', 400),
        ("/api/feedback", b'{"id": "a"}', 400),
        ("/api/feedback", b'{"id": "a", "reaction": "sideways"}', 400),
        ("/api/feedback", b'{"id": "a", "reaction": []}', 400),
        ("/api/ask", json.dumps({"question": "a" * (MAX_QUESTION + 1)}).encode(), 413),
        ("/api/review", b'{"text": ""}', 400),
        ("/api/review", json.dumps({"text": "a" * (MAX_DRAFT + 1)}).encode(), 413),
        ("/api/review", json.dumps({"text": "a" * MAX_BODY}).encode(), 413),
    ],
)
async def test_bad_input_gets_one_line_and_its_status(client: Client, path: str, body: bytes, status: int) -> None:
    response = await client.post(path, data=BytesIO(body), headers={"Content-Type": "application/json"})
    assert response.status == status
    assert_one_line(await response.json())


async def test_a_draft_at_the_limit_fits_however_its_json_is_written(client: Client) -> None:
    body = BytesIO(json.dumps({"text": "👋" * MAX_DRAFT}).encode())
    response = await client.post("/api/review", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_only_json_is_taken(client: Client, kind: str) -> None:
    response = await client.post("/api/review", data=b'{"text": "hi"}', headers={"Content-Type": kind})
    assert response.status == 415
    assert_one_line(await response.json())


async def test_an_unknown_address_and_a_wrong_method_are_told_apart(client: Client) -> None:
    missing = await client.get("/nothing")
    wrong = await client.get("/api/ask")
    assert (missing.status, wrong.status, wrong.headers["Allow"]) == (404, 405, "POST")
    assert_one_line(await missing.json())
    assert_one_line(await wrong.json())


async def test_a_failure_inside_is_one_line_outside_and_whole_in_the_log(
    folder: Path, aiohttp_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await connected(page_app(folder, retriever=UnsearchableGuide()), aiohttp_client)
    status, body = await get(client, "/api/guide")
    assert status == 500
    assert_one_line(body)
    assert "no index" in caplog.text


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1@evil.example"]
)
async def test_another_sites_page_may_not_post(client: Client, origin: str) -> None:
    status, body = await post(client, "/api/ask", {"question": "When is a van booked?"}, {"Origin": origin})
    assert status == 403
    assert_one_line(body)


async def test_the_own_page_may_post(client: Client) -> None:
    origin = str(client.make_url("/").origin())
    status, _ = await post(client, "/api/ask", {"question": "When is a van booked?"}, {"Origin": origin})
    assert status == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.5:8080", "", "[::1", "a:b"])
async def test_a_name_bound_to_loopback_from_outside_is_refused(client: Client, host: str) -> None:
    for path in ("/api/lessons", "/api/guide", "/api/replies/a", "/metrics"):
        assert (await client.get(path, headers={"Host": host})).status == 403
    status, _ = await post(client, "/api/ask", {"question": "When?"}, {"Host": host, "Origin": f"http://{host}"})
    assert status == 403


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080", "LOCALHOST"])
async def test_every_name_of_this_machine_is_served(client: Client, host: str) -> None:
    assert (await client.get("/api/lessons", headers={"Host": host})).status == 200


@pytest.mark.parametrize(
    "path", ["/", "/page/page.js", "/page/page.css", "/healthz", "/api/lessons", "/nothing", "/api/ask"]
)
async def test_every_response_is_locked_down(client: Client, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Permitted-Cross-Domain-Policies"] == "none"
    assert headers["Referrer-Policy"] == "no-referrer"
    for policy in ("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"):
        assert headers[policy] == "same-origin"
    assert headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert "camera=(), " in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers
    assert headers["Cache-Control"] in ("no-store", "no-cache")
    assert "aiohttp" not in headers["Server"]


@pytest.mark.parametrize("path", ["/", "/api/lessons", "/nothing"])
async def test_a_page_that_came_over_https_stays_there(client: Client, path: str) -> None:
    headers = (await client.get(path, headers={"X-Forwarded-Proto": "https"})).headers
    assert headers["Strict-Transport-Security"] == "max-age=31536000"


async def test_the_page_names_no_outside_resource_and_every_file_it_names_is_served(client: Client) -> None:
    page = await (await client.get("/")).text()
    assert "://" not in page
    for name in ("page.css", "page.js", "icon.svg"):
        assert f'"page/{name}"' in page
        assert (await client.get(f"/page/{name}")).status == 200
    assert (await client.get("/page/../app.py")).status == 404
    assert (await client.get("/page/%2e%2e/app.py")).status == 404


async def test_health_needs_no_coach(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200


async def test_with_a_token_nothing_is_told_without_it(guarded: Client) -> None:
    for path in ("/api/lessons", "/api/guide", "/api/replies/a", "/metrics"):
        response = await guarded.get(path)
        assert response.status == 401
        assert_one_line(await response.json())
    for path, body in (
        ("/api/ask", {"question": "When is a van booked?"}),
        ("/api/review", {"text": "Hi."}),
        ("/api/feedback", {"id": "a", "reaction": "up"}),
        ("/api/decide", {"review": "a", "place": 0, "choice": "keep"}),
    ):
        assert (await post(guarded, path, body))[0] == 401


async def test_a_bearer_of_the_token_is_served_under_any_name(guarded: Client) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Host": "coach.example"}
    assert (await post(guarded, "/api/ask", {"question": "When is a van booked?"}, headers))[0] == 200


@pytest.mark.parametrize("header", ["Bearer wrong", "Bearer ", f"Basic {TOKEN}", TOKEN, "Bearer \u00e9", ""])
async def test_another_authorization_is_refused(guarded: Client, header: str) -> None:
    assert (await guarded.get("/api/lessons", headers={"Authorization": header})).status == 401


async def test_signing_in_gives_a_cookie_that_is_not_the_token(guarded: Client) -> None:
    response = await guarded.post("/api/signin", json={"token": TOKEN}, headers={"X-Forwarded-Proto": "https"})
    cookie = response.cookies["coach_session"]
    assert response.status == 200
    assert (cookie["httponly"], cookie["samesite"], cookie["secure"]) == (True, "Strict", True)
    assert TOKEN not in cookie.value


async def test_a_signed_in_browser_is_served_also_after_a_restart_until_the_token_changes(
    guarded: Client, folder: Path, aiohttp_client: MakeClient
) -> None:
    cookie = (await guarded.post("/api/signin", json={"token": TOKEN})).cookies["coach_session"].value
    restarted = await connected(page_app(folder), aiohttp_client, token=TOKEN)
    changed = await connected(page_app(folder), aiohttp_client, token="another")  # noqa: S106 - a test's token
    headers = {"Cookie": f"coach_session={cookie}"}
    assert [(await one.get("/api/lessons", headers=headers)).status for one in (restarted, changed)] == [200, 401]


@pytest.mark.parametrize("token", ["wrong", "", TOKEN + "x", "\ud800"])
async def test_a_wrong_token_signs_nobody_in(guarded: Client, token: str) -> None:
    response = await guarded.post("/api/signin", json={"token": token})
    assert response.status == 403
    assert not response.cookies


async def test_another_sites_page_may_not_sign_in(guarded: Client) -> None:
    status, _ = await post(guarded, "/api/signin", {"token": TOKEN}, {"Origin": "http://evil.example"})
    assert status == 403
