import ast
import json
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.channels.slack.manifest import EVENTS, SCOPES, app_name, events_address, slack_manifest
from bot.cli import run
from tests.slack.manifest_rules import at, bot_events, bot_scopes, problems
from tests.slack.manifest_schema import BOT_SCOPES, EVENT_SCOPE
from tests.test_architecture import loaded_by

ROOT = Path(__file__).parents[2]
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
METHOD_SCOPES: Mapping[str, tuple[str, ...]] = {
    # https://docs.slack.dev/reference/methods/NAME, May 2026, for a bot's token. Of a method that takes any of several
    # scopes, one for each kind of conversation, those for the kinds that it is called for.
    "assistant.threads.setStatus": ("chat:write",),
    "assistant.threads.setSuggestedPrompts": ("assistant:write",),
    "auth.test": (),
    "chat.appendStream": ("chat:write",),
    "chat.getPermalink": (),
    "chat.postEphemeral": ("chat:write",),
    "chat.postMessage": ("chat:write",),
    "chat.startStream": ("chat:write",),
    "chat.stopStream": ("chat:write",),
    "chat.delete": ("chat:write",),
    "chat.update": ("chat:write",),
    "conversations.history": HISTORY,
    "conversations.open": ("im:write",),
    "conversations.replies": HISTORY,
    "files.completeUploadExternal": ("files:write",),
    "files.getUploadURLExternal": ("files:write",),
    "views.open": (),
    "views.publish": (),
    "views.push": (),
    "views.update": (),
}
DOWNLOAD = ("files:read",)
"""A file's `url_private`: https://docs.slack.dev/reference/scopes/files.read."""
FEATURE_SCOPES: Mapping[str, tuple[str, ...]] = {
    "agent_view": ("assistant:write",),
    "app_home": (),
    "bot_user": (),
    "shortcuts": ("commands",),
    "slash_commands": ("commands",),
}

Manifest = dict[str, Any]


def socket_mode() -> Manifest:
    return dict(slack_manifest(socket_mode=True, url=None, name="Field Coach"))


def http_mode(url: str = "https://coach.example.com") -> Manifest:
    return dict(slack_manifest(socket_mode=False, url=url, name="Field Coach"))


@pytest.mark.parametrize("manifest", [socket_mode, http_mode])
def test_slack_takes_the_manifest_of_either_mode(manifest: Callable[[], Manifest]) -> None:
    assert problems(manifest()) == []


def test_in_socket_mode_slack_is_given_no_address() -> None:
    manifest = socket_mode()
    assert at(manifest, "settings/socket_mode_enabled") is True
    assert "http" not in json.dumps(manifest)


def test_in_http_mode_slack_calls_one_address_for_everything() -> None:
    manifest = http_mode("https://coach.example.com/")
    assert at(manifest, "settings/socket_mode_enabled") is False
    addresses = [
        at(manifest, "settings/event_subscriptions/request_url"),
        at(manifest, "settings/interactivity/request_url"),
        at(manifest, "features/slash_commands")[0]["url"],
    ]
    assert addresses == ["https://coach.example.com/slack/events"] * 3


def test_the_app_is_an_agent_with_a_home_a_command_and_a_shortcut() -> None:
    features = at(socket_mode(), "features")
    assert features.keys() == FEATURE_SCOPES.keys()
    assert [each["command"] for each in features["slash_commands"]] == ["/coach"]
    assert [(each["type"], each["callback_id"]) for each in features["shortcuts"]] == [("message", "review_message")]


def test_the_scopes_are_exactly_those_that_something_needs() -> None:
    needed = {scope for scopes in METHOD_SCOPES.values() for scope in scopes}
    needed |= {scope for feature in at(socket_mode(), "features") for scope in FEATURE_SCOPES[feature]}
    needed |= {scope for event in EVENTS if (scope := EVENT_SCOPE[event])}
    needed |= set(DOWNLOAD)
    assert bot_scopes(socket_mode()) == needed
    assert sorted(SCOPES) == list(SCOPES)


def test_the_methods_that_scopes_are_asked_for_are_those_that_the_channel_calls() -> None:
    assert methods_called(ROOT / "bot" / "channels" / "slack") == METHOD_SCOPES.keys()


def methods_called(folder: Path) -> set[str]:
    """The names of Web API methods that stand in the code as texts of their own."""
    name = re.compile(r"(?:assistant|auth|bots|chat|conversations|files|reactions|team|users|views)(?:\.[a-zA-Z]+)+")
    texts = (
        node.value
        for file in folder.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    return {text for text in texts if name.fullmatch(text) and not text.endswith(".com")}


def test_the_docs_say_what_each_scope_and_event_is_for() -> None:
    docs = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    told = re.findall(r"^\| `([a-z_.:]+)` \|", docs, flags=re.MULTILINE)
    assert [name for name in told if name in BOT_SCOPES] == list(SCOPES)
    assert [name for name in told if name in EVENT_SCOPE] == list(EVENTS)


def change(path: str, value: object) -> Callable[[Manifest], None]:
    """A change that puts `value` in a manifest, or takes out what is there if it is None."""
    group, _, key = path.rpartition("/")

    def made(manifest: Manifest) -> None:
        held = at(manifest, group) if group else manifest
        if value is None:
            del held[key]
        else:
            held[key] = value

    return made


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("display_information/name", "x" * 36, "1 to 35 characters"),
        ("display_information/description", "x" * 141, "1 to 140 characters"),
        ("display_information/long_description", "x" * 174, "175 to 4000 characters"),
        ("display_information/background_color", "green", "background_color: not ^#"),
        ("display_information/colour", "#0b5d57", "colour: unknown"),
        ("display_information", None, "display_information: missing"),
        ("features/bot_user/display_name", "x" * 81, "1 to 80 characters"),
        ("features/bot_user/always_online", "yes", "not true or false"),
        ("features/bot_user", None, "app_home_opened needs a bot user"),
        ("features/agent_view/agent_description", "x" * 301, "1 to 300 characters"),
        ("features/agent_view/suggested_prompts", [{"title": "a", "message": "b"}] * 5, "0 to 4 of them"),
        ("features/agent_view/suggested_prompts", [{"title": "a"}], "message: missing"),
        ("features/agent_view", None, "assistant:write goes with agent_view"),
        ("features/assistant_view", {"assistant_description": "x"}, "assistant_view is not for new apps"),
        ("features/app_home/messages_tab_read_only_enabled", True, "takes messages"),
        ("features/slash_commands", [{"command": "coach", "description": "x"}], "command: not ^/"),
        ("features/slash_commands", [{"command": "/coach", "description": "x" * 2_001}], "1 to 2000 characters"),
        ("features/slash_commands", [{"command": "/coach", "description": "x"}], "/coach needs a URL"),
        ("features/shortcuts", [], "1 to 10 of them"),
        ("oauth_config/scopes/bot", ["assistant:write", "commands"], "app_mention needs app_mentions:read"),
        ("oauth_config/scopes/bot", [*SCOPES, "everything"], "no scope: everything"),
        ("oauth_config/scopes/bot", [scope for scope in SCOPES if scope != "commands"], "need the scope commands"),
        ("settings/event_subscriptions/bot_events", ["message.im"], "told of its conversations"),
        ("settings/event_subscriptions/bot_events", [*EVENTS, "assistant_thread_started"], "no assistant's events"),
        ("settings/event_subscriptions/bot_events", [*EVENTS, "message.all"], "no event: message.all"),
        ("settings/event_subscriptions/bot_events", [*EVENTS, "app_mention"], "one of them twice"),
        ("settings/event_subscriptions/request_url", None, "event_subscriptions needs a request URL"),
        ("settings/interactivity/request_url", None, "interactivity needs a request URL"),
        ("settings/interactivity/is_enabled", None, "is_enabled: missing"),
    ],
)
def test_the_rules_tell_a_manifest_that_slack_refuses(path: str, value: object, told: str) -> None:
    manifest = deepcopy(http_mode())
    change(path, value)(manifest)
    assert any(told in problem for problem in problems(manifest)), problems(manifest)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://coach.example.com", "https://coach.example.com/slack/events"),
        ("https://coach.example.com/slack/events", "https://coach.example.com/slack/events"),
        ("https://coach.example.com/\n", "https://coach.example.com/slack/events"),
        (" https://Coach.example.com:8443/field/ ", "https://Coach.example.com:8443/field/slack/events"),
    ],
)
def test_a_public_address_is_completed(url: str, address: str) -> None:
    assert events_address(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "coach.example.com",
        "http://coach.example.com",
        "https://localhost:8080",
        "https://127.0.0.1",
        "https://me:secret@coach.example.com",
        "https://coach.example.com/?a=b",
        "https://coach.example.com/a b",
        f"https://coach.example.com/{'x' * 3_000}",
    ],
)
def test_an_address_that_slack_cannot_call_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="public https address"):
        events_address(url)


@pytest.mark.parametrize("name", ["", "  ", "x" * 36, "a\nb", "a\x1b[2J", "a\udcff"])
def test_a_name_that_cannot_be_shown_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="1 to 35 characters"):
        app_name(name)


Manifested = Callable[..., tuple[int, str, str]]


@pytest.fixture
def coach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Manifested:
    """Runs `coach manifest` where there is no coach to open; gives status, output and complaint."""
    monkeypatch.chdir(tmp_path)

    def nothing() -> App:
        raise AssertionError("a manifest needs no coach")

    def call(*arguments: str) -> tuple[int, str, str]:
        status = run(["manifest", *arguments], opener=nothing)
        out, err = capfdbinary.readouterr()
        return status, out.decode(), err.decode()

    return call


def test_the_manifest_is_json_on_standard_output(coach: Manifested) -> None:
    status, out, err = coach("slack")
    assert (status, err) == (0, "")
    assert json.loads(out) == socket_mode()


def test_a_name_of_ones_own_is_the_apps_and_the_bots(coach: Manifested) -> None:
    manifest = json.loads(coach("slack", "--name", " Coach für alle ")[1])
    assert at(manifest, "display_information/name") == "Coach für alle"
    assert at(manifest, "features/bot_user/display_name") == "Coach für alle"
    assert problems(manifest) == []


def test_a_file_holds_what_standard_output_would(coach: Manifested, tmp_path: Path) -> None:
    file = tmp_path / "manifest.json"
    file.write_text("an older one, longer than it will be" * 1_000)
    shown = coach("slack", "--http", "https://coach.example.com", "--name", "Cöach")[1]
    assert coach("slack", "--http", "https://coach.example.com", "--name", "Cöach", "--out", "manifest.json") == (
        0,
        "Saved to manifest.json\n",
        "",
    )
    assert file.read_text(encoding="utf-8") == shown
    assert bot_events(json.loads(shown)) == set(EVENTS)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["slack", "--http", "http://coach.example.com"], "'--http': write the coach's public https address, such as"),
        (["slack", "--http", ""], "'--http': write the coach's public https address"),
        (["slack", "--name", "x" * 36], "'--name': write a name of 1 to 35 characters"),
        (["slack", "--out", "nowhere/manifest.json"], "cannot write nowhere/manifest.json: No such file or directory"),
        (["slack", "--out", "."], "cannot write .: Is a directory"),
        (["discord"], "No such command 'discord'; see `coach manifest --help`"),
    ],
)
def test_wrong_use_is_one_line(coach: Manifested, arguments: list[str], told: str) -> None:
    status, out, err = coach(*arguments)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert told in err


@pytest.mark.parametrize("arguments", [["manifest", "--help"], ["manifest", "slack", "--help"], ["manifest", "slack"]])
def test_a_manifest_loads_nothing_heavy(arguments: list[str]) -> None:
    heavy = "numpy onnxruntime aiohttp rich pydantic slack_bolt slack_sdk redis anthropic bot.app"
    assert not set(heavy.split()) & loaded_by(*arguments)
