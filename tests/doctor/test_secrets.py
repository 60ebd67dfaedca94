"""What is shown can be pasted into a ticket: no setting's value, no name, no place, whatever fails and however."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.doctor import checks
from bot.doctor.examining import Look
from bot.settings import Settings
from tests.doctor.conftest import Doctor, Told
from tests.doctor.hostile import echoing_http, saying
from tests.stores.redis_server import Server, free_port

MARK = "hush"
"""What every value holds."""
NOBODY = "http://127.0.0.1:1"
ID = "0ba5eba1-{}-4444-8888-cafecafecafe"
"""Of an app and of a tenant, which cannot hold the mark; a tenant is shown by its first eight digits."""
SIGNING = "babe" * 8

VALUES: Mapping[str, str] = {
    "COACH_HOST": f"{MARK}.example.com",
    "COACH_PORT": "54321",
    "COACH_KNOWLEDGE_DIR": f"{MARK}-lessons",
    "COACH_PROMPTS_DIR": f"{MARK}-prompts",
    "COACH_DATA_DIR": f"{MARK}-data",
    "COACH_WEB_TOKEN": f"{MARK}-web",
    "COACH_ADMINS": f"local,slack:T{MARK}/U{MARK},teams:{MARK}/{MARK}",
    "COACH_PRICES": json.dumps({f"{MARK}-model": {"input": 54321.5, "output": 1}}),
    "COACH_ADMIN_CHANNEL": f"slack:C{MARK}",
    "COACH_MESSAGES_A_MINUTE": "54321",
    "COACH_MESSAGES_A_MINUTE_PERSON": "54321",
    "COACH_KEEP_THREADS_HOURS": "7.54321",
    "COACH_KEEP_REVIEWS_HOURS": "8.54321",
    "COACH_KEEP_REPLIES_MINUTES": "9.54321",
    "SLACK_BOT_TOKEN": f"xoxb-{MARK}",
    "SLACK_SIGNING_SECRET": SIGNING,
    "SLACK_APP_TOKEN": f"xapp-{MARK}",
    "SLACK_API_URL": f"{NOBODY}/{MARK}/",
    "TEAMS_APP_ID": ID.format("aa55"),
    "TEAMS_APP_PASSWORD": f"{MARK}~password",
    "TEAMS_APP_TENANT_ID": ID.format("bb66"),
    "REDIS_URL": f"redis://{MARK}:{MARK}-redis@127.0.0.1:{{port}}/0",
    "ANTHROPIC_API_KEY": f"sk-ant-{MARK}",
    "ANTHROPIC_BASE_URL": f"{NOBODY}/{MARK}",
    "CLAUDE_FIRST_TOKEN_SECONDS": "7.54321",
    "CLAUDE_ANSWER_SECONDS": "44.54321",
    "CLAUDE_WHOLE_KNOWLEDGE_TOKENS": "54321",
    "CLAUDE_TOKENS_A_DAY": "54321",
    "CLAUDE_TOKENS_A_DAY_PERSON": "54321",
}
UNSAID = (MARK, "54321", "aa55-", "bb66-", "cafecafe", SIGNING, "127.0.0.1", "Traceback", "UDANA", "shop")
"""What is never shown: a part of every value, servers' places, people, the folder that it runs in."""


@pytest.fixture(autouse=True)
def nobody_is_asked_but_on_this_machine(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Microsoft's login, whose address is no setting, is behind a proxy that nobody runs."""
    monkeypatch.setenv("HTTPS_PROXY", NOBODY)
    for folder in ("knowledge", "prompts"):
        (shop / folder).rename(shop / f"{MARK}-{folder.replace('knowledge', 'lessons')}")


def given(monkeypatch: pytest.MonkeyPatch, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value.replace("{port}", str(free_port())))


def holds_nothing(told: Told) -> None:
    shown = told.out.lower()
    for ours in ("such as http://127.0.0.1:8000", "leave coach_host at 127.0.0.1", "leave name at 127.0.0.1"):
        shown = shown.replace(ours, "")
    assert [word for word in UNSAID if word.lower() in shown] == []
    assert told.err == ""


def test_every_setting_has_such_a_value_or_one_of_a_list() -> None:
    of_a_list = {"COACH_LOG_FORMAT", "COACH_LOG_LEVEL", "TEAMS_APP_TYPE", "TEAMS_CLOUD", "TEAMS_LOCAL"}
    assert {name.upper() for name in Settings.model_fields} == VALUES.keys() | of_a_list


async def both(doctor: Doctor) -> tuple[Told, Told]:
    told, as_json = await doctor(), await doctor("--json")
    for each in (told, as_json):
        holds_nothing(each)
    assert told.status == as_json.status
    assert json.loads(as_json.out)["findings"]
    return told, as_json


@pytest.mark.parametrize("where", ["environment", ".env"])
async def test_while_nothing_can_be_reached(
    shop: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    if where == ".env":
        written = [f"{name}={value.format(port=1) if '{port}' in value else value}" for name, value in VALUES.items()]
        (shop / ".env").write_text("\n".join(written))
    else:
        given(monkeypatch, VALUES)
    told, _ = await both(doctor)
    assert told.status == 1
    for name in VALUES:
        assert name in told.out
    for says in ("Redis server cannot be reached", "Claude cannot be reached", "Slack cannot be reached", "no token"):
        assert says in told.out


@pytest.mark.parametrize("status", [200, 204, 302, 400, 401, 403, 404, 429, 500, 529])
async def test_while_servers_give_back_what_they_were_sent(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    async with echoing_http(status, [MARK, *VALUES.values()]) as url:
        here = {"SLACK_API_URL": f"{url}/api/", "ANTHROPIC_BASE_URL": url}
        values = {name: value for name, value in {**VALUES, **here}.items() if name != "REDIS_URL"}
        given(monkeypatch, values)
        await both(doctor)


@pytest.mark.parametrize(
    "answer",
    [
        b"-WRONGPASS hush is no password\r\n",
        b"-NOAUTH hush\r\n",
        b"-ERR hush\r\n",
        b"-NOPERM hush\r\n",
        b"-MOVED 1 hush:1\r\n",
        b"-READONLY hush\r\n",
        b"+hush\r\n",
        b"$4\r\nhush\r\n",
        b"*2\r\n$4\r\nhush\r\n$4\r\nhush\r\n",
        b":1\r\n",
        b"hush\r\n\x00\xff",
    ],
)
async def test_while_what_answers_for_redis_says_anything(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    async with saying(answer) as port:
        given(monkeypatch, {"REDIS_URL": f"redis://{MARK}:{MARK}@127.0.0.1:{port}/0"})
        told, _ = await both(doctor)
        assert told.status == 1


def wrong() -> Iterator[dict[str, str]]:
    """Each setting with a value that it does not take, alone and all together."""
    values = {name: f"{MARK} {MARK}" for name in (*VALUES, "TEAMS_APP_TYPE", "TEAMS_CLOUD", "TEAMS_LOCAL")}
    yield values
    for name, value in values.items():
        yield {name: value}
    yield {"COACH_PRICES": json.dumps({MARK: {MARK: MARK}})}
    yield {"COACH_PRICES": f"[{MARK}"}
    yield {"COACH_ADMINS": f"{MARK}, local"}
    yield {f"COACH_{MARK.upper()}": MARK, f"SLACK_{MARK}": MARK, "COACH_ADMIN": MARK} | {"COACH_X-hush": MARK}


async def test_while_settings_are_wrong(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    for values in wrong():
        with monkeypatch.context() as only:
            given(only, values)
            told = await doctor()
            shown = told.out
            for name in values:  # a name may be shown, and is no value
                shown = shown.replace(name.upper(), "NAME")
            holds_nothing(Told(told.status, shown, told.err))


@pytest.mark.parametrize("broken", ["lesson", "prompt", "store", "folders"])
async def test_while_files_are_broken(shop: Path, doctor: Doctor, monkeypatch: pytest.MonkeyPatch, broken: str) -> None:
    given(monkeypatch, {name: VALUES[name] for name in ("COACH_KNOWLEDGE_DIR", "COACH_PROMPTS_DIR", "COACH_DATA_DIR")})
    match broken:
        case "lesson":
            (shop / f"{MARK}-lessons" / f"{MARK}.md").write_bytes(b"hush \xff")
        case "prompt":
            (shop / f"{MARK}-prompts" / "0003.md").write_text(f"---\n{MARK}: {MARK}\n---\n")
        case "store":
            (shop / f"{MARK}-data").mkdir()
            (shop / f"{MARK}-data" / "coach.sqlite3").write_bytes(b"hush" * 1_000)
        case _:
            for folder in ("lessons", "prompts"):
                (shop / f"{MARK}-{folder}").rename(shop / f"{folder}-away")
                (shop / f"{MARK}-{folder}").write_text(MARK)
    told, _ = await both(doctor)
    assert told.status == 1


async def test_whatever_a_check_raises(doctor: Doctor, monkeypatch: pytest.MonkeyPatch) -> None:
    def does_not_load(*_: object) -> Look:
        raise ImportError(MARK)

    def raises(*_: object) -> Look:
        async def look() -> list[object]:
            raise ValueError(MARK)

        return look  # type: ignore[return-value]

    monkeypatch.setattr(checks, "_slack", does_not_load)
    monkeypatch.setattr(checks, "_store", raises)
    told, _ = await both(doctor)
    assert told.status == 1
    assert "this could not be looked at: ImportError" in told.out
    assert "this could not be looked at: ValueError" in told.out


async def test_people_and_messages_of_the_store_are_not_shown(
    redis_server: Server, doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bot.stores.redis.store import RedisStore
    from tests.doctor.keeping import give_up

    await redis_server.say("FLUSHALL")
    store = RedisStore(redis_server.url)
    await store.open()
    await give_up(store, dead=2)
    await store.close()
    given(monkeypatch, {"REDIS_URL": redis_server.url})
    told, _ = await both(doctor)
    assert "2 given up, unanswered" in told.out
