"""`coach doctor` as a command: its lines, its JSON, its exit status, beside a server and without one."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.app import build
from bot.settings import Settings
from tests.claude.server import MessagesApi
from tests.doctor.conftest import Doctor, claude, doctor, redis_server, shop, slack
from tests.doctor.keeping import everything
from tests.processes import ROOT
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import APP_TOKEN, BOT_TOKEN
from tests.stores.redis_server import Server

__all__ = ["claude", "doctor", "redis_server", "shop", "slack"]

SUBJECTS = "settings program page admins lessons prompts store inbox model slack teams announcements".split()


def given(monkeypatch: pytest.MonkeyPatch, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


async def test_on_a_bare_machine_all_is_well(shop: Path, doctor: Doctor) -> None:
    before = everything(shop)
    told = await doctor()
    assert (told.status, told.err) == (0, "")
    assert [line.lower() for line in told.lines if line and not line.startswith(" ")][:-1] == SUBJECTS
    assert told.lines[-1] == "0 problems, 0 to look at."
    assert "  off      no TEAMS_APP_ID: the coach is not in Teams, and /api/messages answers 404" in told.lines
    assert "  off      no ANTHROPIC_API_KEY: the lessons engine answers, and nothing leaves this machine" in told.lines
    assert everything(shop) == before


@pytest.mark.usefixtures("shop")
async def test_the_same_is_given_as_json(doctor: Doctor) -> None:
    told = await doctor("--json")
    given_ = json.loads(told.out)
    assert (told.status, given_["problem"], given_["unsure"]) == (0, 0, 0)
    assert {tuple(finding) for finding in given_["findings"]} == {("subject", "state", "says", "mend")}
    assert list(dict.fromkeys(finding["subject"] for finding in given_["findings"])) == SUBJECTS
    assert given_["ok"] + given_["off"] == len(given_["findings"])


@pytest.mark.usefixtures("shop")
async def test_the_same_set_up_is_told_in_the_same_words(doctor: Doctor) -> None:
    first, second = [re.sub(r"[\d.,]+ GB", "GB", (await doctor()).out) for _ in range(2)]
    assert first == second


@pytest.mark.usefixtures("shop")
async def test_a_whole_set_up_is_well(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch, redis_server: Server, slack: Slack, claude: MessagesApi
) -> None:
    await redis_server.say("FLUSHALL")
    given(
        monkeypatch,
        {
            "ANTHROPIC_API_KEY": "sk-test",
            "ANTHROPIC_BASE_URL": claude.url,
            "COACH_ADMINS": "slack:T1/U1",
            "COACH_ADMIN_CHANNEL": "slack:C1",
            "REDIS_URL": redis_server.url,
            "SLACK_API_URL": slack.api_url,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
        },
    )
    app = build(Settings())
    await app.open()
    told = await doctor()
    await app.close()
    assert (told.status, told.lines[-1]) == (0, "0 problems, 0 to look at.")
    for says in (
        "version 1 is live",
        "the key is taken, and claude-sonnet-5-5 is there",
        "SLACK_APP_TOKEN is taken",
        "1 admin: 1 in Slack",
        "moves of versions are announced in Slack",
        "it keeps data on disk (appendonly yes)",
    ):
        assert says in told.out


@pytest.mark.usefixtures("shop")
async def test_half_a_group_is_a_problem_and_all_the_rest_is_looked_at(
    doctor: Doctor, monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch, {"SLACK_APP_TOKEN": "xapp-1", "COACH_HOST": "0.0.0.0"})  # noqa: S104 - nothing listens there
    told = await doctor()
    assert told.status == 1
    assert "  problem  SLACK_APP_TOKEN is set, and SLACK_BOT_TOKEN is not" in told.lines
    assert "  unsure   not looked at: its settings are not right" in told.lines
    assert "           set COACH_WEB_TOKEN, or leave COACH_HOST at 127.0.0.1" in told.lines
    assert "  ok       1 lesson, 1 in force, 0 errors, 1 warning" in told.lines
    assert told.lines[-1].startswith("2 problems, ")


async def test_while_the_coach_runs_on_the_same_file_it_goes_on_undisturbed(shop: Path, doctor: Doctor) -> None:
    app = build(Settings())
    await app.open()
    looking = asyncio.ensure_future(doctor())
    while not looking.done():
        await app.store.check()
    told = await looking
    await app.close()
    assert "version 1 is live" in told.out
    assert [path.name for path in (shop / ".coach").iterdir()] == ["coach.sqlite3"]


def coach(*arguments: str, cwd: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd,
        env={"PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_as_a_process_it_says_what_it_finds_by_its_status(shop: Path) -> None:
    well = coach("doctor", cwd=shop)
    assert (well.returncode, well.stderr) == (0, "")
    (shop / "knowledge" / "roof-care.md").unlink()
    ill = coach("doctor", cwd=shop)
    assert (ill.returncode, ill.stderr) == (1, "")
    assert "\x1b" not in well.stdout + ill.stdout


def test_as_a_process_it_says_nothing_beside_its_findings_while_connections_fail(shop: Path) -> None:
    nobody, id_ = "http://127.0.0.1:1", "11111111-2222-4333-8444-555555555555"
    teams = {"TEAMS_APP_ID": id_, "TEAMS_APP_PASSWORD": "hush~hush", "TEAMS_APP_TENANT_ID": id_}
    slack = {"SLACK_BOT_TOKEN": "xoxb-hush", "SLACK_APP_TOKEN": "xapp-hush", "SLACK_API_URL": nobody}
    others = {"ANTHROPIC_API_KEY": "hush", "ANTHROPIC_BASE_URL": nobody, "REDIS_URL": "redis://:hush@127.0.0.1:1"}
    told = coach("doctor", cwd=shop, HTTPS_PROXY=nobody, **teams, **slack, **others)
    assert (told.returncode, told.stderr) == (1, "")
    assert "hush" not in told.stdout


@pytest.mark.parametrize("arguments", [["--loud"], ["now"]])
def test_wrong_use_is_one_line(tmp_path: Path, arguments: list[str]) -> None:
    ended = coach("doctor", *arguments, cwd=tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "coach doctor --help" in ended.stderr
