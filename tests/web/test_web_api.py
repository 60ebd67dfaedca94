"""The page's JSON interface, through real HTTP on loopback."""

import json
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from bot.channels.web.app import make_app
from bot.channels.web.bodies import MAX_BODY
from bot.channels.web.readiness import RECHECK_SECONDS, Readiness
from bot.core.ask import MAX_QUESTION
from bot.core.review import MAX_DRAFT
from tests.web.parts import LESSON, FailingRetriever, Parts, make_parts

Client = TestClient[web.Request, web.Application]
MakeClient = Callable[..., Any]
TOKEN = "a-long-and-secret-token"  # noqa: S105 - a test's token


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return make_parts(tmp_path / "knowledge")


@pytest.fixture
async def client(parts: Parts, aiohttp_client: MakeClient) -> Client:
    return await connected(parts, aiohttp_client)


@pytest.fixture
async def guarded(parts: Parts, aiohttp_client: MakeClient) -> Client:
    return await connected(parts, aiohttp_client, token=TOKEN, person="web")


async def connected(parts: Parts, aiohttp_client: MakeClient, **options: str) -> Client:
    app = make_app(coach=parts.coach, library=parts.library, readiness=parts.readiness, **options)
    client: Client = await aiohttp_client(app)
    return client


async def post(client: Client, path: str, body: object, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
    response = await client.post(path, json=body, headers=headers)
    return response.status, await response.json()


async def test_an_answer_has_the_shape_of_ask_json_and_quotes_the_lesson(client: Client) -> None:
    status, answer = await post(client, "/api/ask", {"question": "When is a van booked?"})
    assert status == 200
    assert set(answer) == {
        *("answer", "covered", "citations", "closest"),
        *("engine", "model", "prompt_version", "latency_ms"),
    }
    assert answer["covered"]
    assert answer["citations"]
    assert all(citation["quote"] in LESSON.replace("\\", "") for citation in answer["citations"])
    assert answer["citations"][0]["section"] == "Vans"


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
    tmp_path: Path, aiohttp_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await connected(make_parts(tmp_path / "k", retriever=FailingRetriever()), aiohttp_client)
    status, body = await post(client, "/api/ask", {"question": "When?"})
    assert status == 500
    assert_one_line(body)
    assert "no weights" in caplog.text


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
    for path in ("/api/lessons", "/api/guide"):
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
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] in ("no-store", "no-cache")
    assert "aiohttp" not in headers["Server"]


async def test_the_page_names_no_outside_resource_and_every_file_it_names_is_served(client: Client) -> None:
    page = await (await client.get("/")).text()
    assert "://" not in page
    for name in ("page.css", "page.js", "icon.svg"):
        assert f'"page/{name}"' in page
        assert (await client.get(f"/page/{name}")).status == 200
    assert (await client.get("/page/../app.py")).status == 404
    assert (await client.get("/page/%2e%2e/app.py")).status == 404


async def test_health_needs_no_coach_and_readiness_tries_it(client: Client) -> None:
    assert (await client.get("/healthz")).status == 200
    ready = await client.get("/readyz")
    assert (ready.status, await ready.json()) == (200, {"ready": True, "reason": None})


async def test_without_lessons_it_is_up_but_not_ready(tmp_path: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(make_parts(tmp_path / "k", lesson=""), aiohttp_client)
    assert (await client.get("/healthz")).status == 200
    ready = await client.get("/readyz")
    assert ready.status == 503
    assert "no lessons" in (await ready.json())["reason"]


async def test_a_model_that_does_not_run_is_reported_in_one_line(tmp_path: Path, aiohttp_client: MakeClient) -> None:
    client = await connected(make_parts(tmp_path / "k", retriever=FailingRetriever()), aiohttp_client)
    ready = await client.get("/readyz")
    assert ready.status == 503
    reason = (await ready.json())["reason"]
    assert reason.startswith("OSError: no weights for 1 lessons")
    assert "\n" not in reason


async def test_readiness_is_tried_again_only_after_a_while(parts: Parts, tmp_path: Path) -> None:
    now = 0.0
    readiness = Readiness(
        coach=parts.coach,
        library=make_parts(tmp_path / "k", lesson="").library,
        retriever=FailingRetriever(),
        clock=lambda: now,
    )
    assert "no lessons" in str(await readiness.fault())
    (tmp_path / "k" / "new.md").write_text("# New\n\nA lesson.\n")
    now = RECHECK_SECONDS - 0.1
    assert "no lessons" in str(await readiness.fault())


async def test_with_a_token_nothing_is_told_without_it(guarded: Client) -> None:
    for path in ("/api/lessons", "/api/guide"):
        response = await guarded.get(path)
        assert response.status == 401
        assert_one_line(await response.json())
    for path, body in (("/api/ask", {"question": "When is a van booked?"}), ("/api/review", {"text": "Hi."})):
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
    guarded: Client, parts: Parts, aiohttp_client: MakeClient
) -> None:
    cookie = (await guarded.post("/api/signin", json={"token": TOKEN})).cookies["coach_session"].value
    restarted = await connected(parts, aiohttp_client, token=TOKEN)
    changed = await connected(parts, aiohttp_client, token="another")  # noqa: S106 - a test's token
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


def assert_one_line(body: Mapping[str, str]) -> None:
    assert set(body) == {"error"}
    assert body["error"].strip()
    assert "\n" not in body["error"]
