"""The manifest that a Slack app is made from: what it shows, may do and is told of. Pure."""

import re
from collections.abc import Mapping

NAME = "Field Coach"
MAX_NAME = 35
COMMAND = "/coach"
REVIEW_MESSAGE = "review_message"
"""The callback id of the shortcut on a message."""
EVENTS_PATH = "/slack/events"
"""Where Slack sends events, clicks and commands when it calls the coach."""
SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "im:history",
    "im:write",
    "mpim:history",
)
"""What the bot token may do and no more; docs/slack.md says what each is for."""
EVENTS = ("app_home_opened", "app_mention", "message.channels", "message.groups", "message.im", "message.mpim")

_MAX_ADDRESS = 3_000
"""Slack's limit for a command's address, the least of the three."""
# A name without a dot is one that only its own network knows.
_ADDRESS = re.compile(
    r"https://(?!(?:127|0)\.)[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?(?:/[\w.~%/-]*)?", re.IGNORECASE | re.ASCII
)

_DESCRIPTION = "Answers from the lessons, with the lines it rests on, and reviews drafts for what not to say."
_LONG_DESCRIPTION = (
    "Ask a question: the answer comes from the lessons, with the exact lines that it rests on, and it says so when "
    "they do not cover something. Give it a draft: it finds the sentences that the field language guide says not to "
    "write, shows what to say instead and why, and leaves everything else as it is. A review comes to you alone, never "
    "to a channel."
)
_AGENT_DESCRIPTION = (
    "Answers questions from the lessons, with the exact lines, and reviews your drafts: what not to say, what to say "
    "instead, and why. What it says of a draft comes to you alone."
)
_PROMPTS = (
    {"title": "What can you do?", "message": "help"},
    {"title": "What should I not say?", "message": "guide"},
)
"""What stands there until the coach has set prompts from its lessons; commands, as they fit any lesson."""


def slack_manifest(*, socket_mode: bool, url: str | None, name: str) -> Mapping[str, object]:
    """Gives the manifest of an app called `name`.

    With `socket_mode` the coach calls Slack and `url` is not used; without it Slack calls the coach, whose public
    address is `url`.

    Raises:
        ValueError: the name or the address is none that Slack takes; the message is one line that says which are.
    """
    address = None if socket_mode else events_address(url or "")
    called: Mapping[str, object] = {"request_url": address} if address else {}
    command: dict[str, object] = {
        "command": COMMAND,
        "description": "Ask the coach, in private",
        "usage_hint": "a question, or: review, guide, help, prompts",
        "should_escape": False,
    }
    if address:
        command["url"] = address
    title = app_name(name)
    return {
        "display_information": {
            "name": title,
            "description": _DESCRIPTION,
            "long_description": _LONG_DESCRIPTION,
            "background_color": "#0b5d57",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {"agent_description": _AGENT_DESCRIPTION, "suggested_prompts": list(_PROMPTS)},
            "bot_user": {"display_name": title, "always_online": True},
            "shortcuts": [
                {
                    "name": "Review phrasing",
                    "type": "message",
                    "callback_id": REVIEW_MESSAGE,
                    "description": "Reviews this message's wording, for you alone",
                }
            ],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**called, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **called},
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def app_name(name: str) -> str:
    """Gives a name as the app carries it.

    Raises:
        ValueError: it is empty, too long, or not to be printed.
    """
    title = name.strip()
    if not 1 <= len(title) <= MAX_NAME or not title.isprintable():
        raise ValueError(f"write a name of 1 to {MAX_NAME} characters in one line")
    return title


def events_address(url: str) -> str:
    """Gives the address that Slack calls, from the coach's public address or that address itself.

    Raises:
        ValueError: it is no https address that Slack can reach.
    """
    address = f"{url.strip().rstrip('/').removesuffix(EVENTS_PATH).rstrip('/')}{EVENTS_PATH}"
    if not _ADDRESS.fullmatch(address) or len(address) > _MAX_ADDRESS:
        raise ValueError("write the coach's public https address, such as https://coach.example.com")
    return address
