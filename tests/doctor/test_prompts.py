"""Lessons, prompt files, versions and their models, over a real store and the loopback Claude."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.app import build
from bot.core.admin_commands import ActivateVersion
from bot.core.messages import LOCAL
from bot.doctor import lessons, model, prompts
from bot.doctor.examining import Check, Once, examine
from bot.doctor.finding import Finding, State
from bot.doctor.kept import Kept, read_kept
from bot.engines.claude.calls import Calls, Server
from bot.settings import Settings
from tests.claude.behaviours import Fails, Stalls
from tests.claude.server import MessagesApi
from tests.doctor.saying import only, told, worst
from tests.stores.redis_server import Server as RedisServer
from tests.stores.redis_server import free_port

KEY = "sk-ant-hush"


def settings_(**more: object) -> Settings:
    return Settings.model_validate(more)


def kept_in(settings: Settings) -> Once[Kept | None]:
    return Once(lambda: read_kept(settings))


async def start(*, trial: int | None = None) -> None:
    """Starts the coach once, which publishes the files, and tries a version with a tenth of the people."""
    app = build(settings_())
    await app.open()
    if trial is not None:
        await app.registry.move(LOCAL, ActivateVersion(trial, "better", share=10, force=True))
    await app.close()


async def prompts_of(settings: Settings) -> Sequence[Finding]:
    return await prompts.check(settings, kept_in(settings))


async def model_of(settings: Settings, *, seconds: float = 5.0) -> Sequence[Finding]:
    assert settings.anthropic_api_key
    calls = Calls(Server(settings.anthropic_api_key.get_secret_value(), settings.anthropic_base_url))
    await calls.prepare()
    return await examine(
        [Check("model", lambda: lambda: model.check(calls, settings, kept_in(settings)))], seconds=seconds
    )


@pytest.mark.usefixtures("shop")
async def test_lessons_are_summed_up_as_knowledge_check_does() -> None:
    (finding,) = await lessons.check(settings_())
    assert (finding.state, finding.says) == (State.OK, "1 lesson, 1 in force, 0 errors, 1 warning")
    assert "coach knowledge check" in finding.mend


async def test_a_broken_lesson_is_a_problem_and_so_is_none(shop: Path) -> None:
    (shop / "knowledge" / "bad.md").write_bytes(b"hush \xff")
    finding = only(await lessons.check(settings_()))
    assert finding.says == "1 lesson, 1 in force, 1 error, 1 warning"
    (shop / "knowledge" / "roof-care.md").unlink()
    assert "0 in force" in only(await lessons.check(settings_())).says
    finding = only(await lessons.check(settings_(coach_knowledge_dir="nowhere")))
    assert finding.mend.startswith("set COACH_KNOWLEDGE_DIR to a folder with lessons")


@pytest.mark.usefixtures("shop")
async def test_files_and_the_live_version_are_told_before_and_after_the_first_start() -> None:
    assert told(await prompts_of(settings_())) == [
        (State.OK, "2 files, 0 versions published, 2 to be published at the next start"),
        (State.OK, "no version is live yet: the first start makes the lowest one live"),
    ]
    await start()
    assert told(await prompts_of(settings_())) == [
        (State.OK, "2 files, 2 versions published"),
        (State.OK, "version 1 is live"),
    ]


async def test_a_file_that_was_changed_or_is_broken_is_a_problem(shop: Path) -> None:
    await start()
    file = shop / "prompts" / "0002.md"
    file.write_text(file.read_text() + "More words.\n")
    problem = only(await prompts_of(settings_()))
    assert problem.says == "changed since it was published, so the coach does not start: 0002.md"
    file.write_text("hush")
    problem = only(await prompts_of(settings_()))
    assert "coach prompts list" in problem.mend
    assert "hush" not in problem.says


async def test_without_any_version_the_coach_has_nothing_to_go_by(shop: Path) -> None:
    settings = settings_(coach_prompts_dir=shop / "none")
    assert only(await prompts_of(settings)).says == "there is no version of the system prompt"


@pytest.mark.usefixtures("shop")
async def test_in_redis_the_trail_is_read_and_nothing_written(redis_server: RedisServer) -> None:
    await redis_server.say("FLUSHALL")
    settings = settings_(redis_url=redis_server.url)
    app = build(settings)
    await app.open()
    await app.close()
    before = sorted(await redis_server.say("KEYS", "*"))
    assert told(await prompts_of(settings))[-1] == (State.OK, "version 1 is live")
    assert sorted(await redis_server.say("KEYS", "*")) == before


@pytest.mark.usefixtures("shop")
async def test_while_the_store_is_away_which_version_is_live_is_not_known() -> None:
    (finding,) = await prompts_of(settings_(redis_url=f"redis://127.0.0.1:{free_port()}"))
    assert finding.state is State.UNSURE


@pytest.mark.usefixtures("shop")
async def test_the_live_versions_model_is_looked_up_which_costs_nothing(claude: MessagesApi) -> None:
    await start()
    findings = await model_of(settings_(anthropic_api_key=KEY, anthropic_base_url=claude.url))
    assert told(findings) == [(State.OK, "the key is taken, and claude-sonnet-5-5 is there")]
    assert [asked.path for asked in claude.requests] == ["/v1/models/claude-sonnet-5-5"]


@pytest.mark.usefixtures("shop")
async def test_while_the_store_is_away_the_first_files_model_is_looked_up(claude: MessagesApi) -> None:
    away = f"redis://127.0.0.1:{free_port()}"
    findings = await model_of(settings_(anthropic_api_key=KEY, anthropic_base_url=claude.url, redis_url=away))
    assert [finding.state for finding in findings] == [State.OK]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("fault", "state", "says"),
    [
        (Fails(401, "authentication_error"), State.PROBLEM, "the key is refused"),
        (Fails(403, "permission_error"), State.PROBLEM, "the key is known, and may not use claude-sonnet-5-5"),
        (Fails(404, "not_found_error"), State.UNSURE, "does not say whether it has claude-sonnet-5-5"),
        (Fails(429, "rate_limit_error"), State.UNSURE, "too many requests at once"),
        (Fails(529, "overloaded_error"), State.UNSURE, "too many requests at once"),
        (Fails(500, body=f"<html>{KEY}"), State.PROBLEM, "Claude cannot be reached, or fails itself"),
        (Fails(400, body=KEY), State.PROBLEM, "what answers is no Messages API"),
    ],
)
async def test_a_key_that_is_refused_is_told_from_a_server_that_is_away(
    claude: MessagesApi, fault: Fails, state: State, says: str
) -> None:
    claude.enqueue(fault)
    (finding,) = await model_of(settings_(anthropic_api_key=KEY, anthropic_base_url=claude.url))
    assert finding.state is state
    assert says in finding.says
    assert finding.mend
    assert KEY not in finding.says + finding.mend
    assert len(claude.requests) == 1, "nothing is tried again"


@pytest.mark.usefixtures("shop")
async def test_nobody_at_the_address_is_no_fault_of_the_keys() -> None:
    address = f"http://127.0.0.1:{free_port()}"
    (finding,) = await model_of(settings_(anthropic_api_key=KEY, anthropic_base_url=address))
    assert finding.says == "Claude cannot be reached, or fails itself; the key was not tried"


@pytest.mark.usefixtures("shop")
async def test_a_server_that_does_not_answer_is_told_in_time(claude: MessagesApi) -> None:
    claude.enqueue(Stalls())
    settings = settings_(anthropic_api_key=KEY, anthropic_base_url=claude.url)
    (finding,) = await model_of(settings, seconds=0.5)
    assert finding.says == "there was no answer within 0.5 seconds"


async def test_a_model_that_the_key_does_not_have_is_told_where_the_server_is_anthropics_own(
    shop: Path, claude: MessagesApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Server, "is_foreign", property(lambda _: False))
    file = shop / "prompts" / "0001.md"
    file.write_text(file.read_text().replace("claude-sonnet-5-5", "claude-none-9"))
    problem = only(await model_of(settings_(anthropic_api_key=KEY, anthropic_base_url=claude.url)))
    assert problem.says == "the key is taken, and there is no claude-none-9 for it"


async def test_a_version_on_trial_is_looked_up_too(shop: Path, claude: MessagesApi) -> None:
    file = shop / "prompts" / "0002.md"
    file.write_text(file.read_text().replace("claude-sonnet-5-5", "claude-haiku-4-5"))
    await start(trial=2)
    settings = settings_(anthropic_api_key=KEY, anthropic_base_url=claude.url)
    assert {asked_for.says.split()[5] for asked_for in await model_of(settings)} == {
        "claude-sonnet-5-5",
        "claude-haiku-4-5",
    }
    assert told(await prompts_of(settings))[-1] == (State.OK, "version 1 is live; version 2 on trial with 10 %")
    assert not worst(await prompts_of(settings))
