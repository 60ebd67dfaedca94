"""What Slack demands of an app manifest: `problems` names each published rule that one breaks."""

import re
from collections.abc import Iterator, Mapping
from functools import reduce
from typing import Any

from tests.slack.manifest_schema import BOT_SCOPES, EVENT_SCOPE, MANIFEST, Flag, Group, Items, Rule, Text

Manifest = Mapping[str, Any]


def problems(manifest: Manifest) -> list[str]:
    """Names the rules that a manifest breaks; none when Slack makes an app of it."""
    # What is wrong in its parts is told before what is wrong between them.
    return list(_shape(manifest, MANIFEST, "")) or [*_scopes(manifest), *_ways(manifest), *_agent(manifest)]


def at(manifest: Manifest, path: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    """What stands at a path such as "settings/interactivity"; an empty object where there is nothing."""
    found: Any = reduce(lambda held, key: held.get(key, {}), path.split("/"), manifest)
    return found


def _shape(value: object, rule: Rule, path: str) -> Iterator[str]:
    match rule:
        case Flag():
            if not isinstance(value, bool):
                yield f"{path}: not true or false"
        case Text():
            yield from _text(value, rule, path)
        case Items():
            yield from _items(value, rule, path)
        case Group():
            yield from _group(value, rule, path)


def _text(value: object, rule: Text, path: str) -> Iterator[str]:
    if not isinstance(value, str) or not rule.least <= len(value) <= rule.most:
        yield f"{path}: not a text of {rule.least} to {rule.most} characters"
    elif not re.search(rule.pattern, value):
        yield f"{path}: not {rule.pattern}"


def _items(value: object, rule: Items, path: str) -> Iterator[str]:
    if not isinstance(value, list) or not rule.least <= len(value) <= rule.most:
        yield f"{path}: not {rule.least} to {rule.most} of them"
        return
    if rule.unique and len(set(value)) < len(value):
        yield f"{path}: one of them twice"
    for place, each in enumerate(value):
        yield from _shape(each, rule.each, f"{path}/{place}")


def _group(value: object, rule: Group, path: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{path}: not an object"
        return
    yield from (f"{path}/{key}: missing" for key in rule.required if key not in value)
    for key, each in value.items():
        known = rule.keys.get(key)
        yield from _shape(each, known, f"{path}/{key}") if known else (f"{path}/{key}: unknown",)


def _scopes(manifest: Manifest) -> Iterator[str]:
    scopes, events, features = bot_scopes(manifest), bot_events(manifest), at(manifest, "features")
    yield from (f"no scope: {scope}" for scope in scopes - BOT_SCOPES)
    yield from (f"no event: {event}" for event in events - EVENT_SCOPE.keys())
    # Each event's page: it is not sent without its scope.
    yield from (
        f"{event} needs {needed}" for event in events if (needed := EVENT_SCOPE.get(event)) and needed not in scopes
    )
    # https://docs.slack.dev/reference/scopes/commands: for slash commands and for shortcuts.
    if {"slash_commands", "shortcuts"} & features.keys() and "commands" not in scopes:
        yield "commands and shortcuts need the scope commands"
    # https://docs.slack.dev/reference/events/app_home_opened: "must have a bot user configured".
    if "app_home_opened" in events and "bot_user" not in features:
        yield "app_home_opened needs a bot user"


def _ways(manifest: Manifest) -> Iterator[str]:
    if at(manifest, "settings").get("socket_mode_enabled"):
        return
    # https://docs.slack.dev/reference/methods/apps.manifest.create, its example of `invalid_manifest`.
    for part in ("event_subscriptions", "interactivity"):
        if part in at(manifest, "settings") and "request_url" not in at(manifest, f"settings/{part}"):
            yield f"{part} needs a request URL or Socket Mode"
    # TYPES, ManifestSlashCommand: the URL "can be absent when enabling Socket Mode".
    for each in at(manifest, "features").get("slash_commands", ()):
        if "url" not in each:
            yield f"{each['command']} needs a URL or Socket Mode"


def _agent(manifest: Manifest) -> Iterator[str]:
    events, features, home = bot_events(manifest), at(manifest, "features"), at(manifest, "features/app_home")
    is_agent = "agent_view" in features
    # https://docs.slack.dev/ai/migrating-to-agent-messaging: what is new is an agent, not an assistant, and is told of
    # a conversation by `app_home_opened` and `message.im`, in its Messages tab.
    if "assistant_view" in features:
        yield "assistant_view is not for new apps"
    if is_agent and any(event.startswith("assistant_") for event in events):
        yield "an agent has no assistant's events"
    if is_agent and not {"app_home_opened", "message.im"} <= events:
        yield "an agent is told of its conversations"
    if is_agent and (not home.get("messages_tab_enabled") or home.get("messages_tab_read_only_enabled")):
        yield "an agent's Messages tab takes messages"
    # Slack's own words for it are quoted at https://github.com/remoteclaw/remoteclaw/issues/584; that the feature
    # brings the scope along: https://docs.slack.dev/ai/ai-apps-best-practices.
    if is_agent is not ("assistant:write" in bot_scopes(manifest)):
        yield "assistant:write goes with agent_view"


def bot_scopes(manifest: Manifest) -> set[str]:
    """What the bot's token may do."""
    return set(at(manifest, "oauth_config/scopes").get("bot", ()))


def bot_events(manifest: Manifest) -> set[str]:
    """What the bot is told of."""
    return set(at(manifest, "settings/event_subscriptions").get("bot_events", ()))
