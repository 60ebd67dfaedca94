"""The parts of a Slack app manifest, as Slack has published them.

SCHEMA: https://github.com/slackapi/manifest-schema, schemas/manifest.schema.1.0.0.json at c50cfa8 (July 2026): which
keys there are, which must be there, how long a text or a list may be.
TYPES: https://github.com/slackapi/node-slack-sdk, packages/web-api/src/types/request/manifest.ts at 4322e14
(August 2026): the names of scopes and events, which the schema leaves open.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Text:
    most: int
    least: int = 1
    pattern: str = ""


@dataclass(frozen=True)
class Items:
    each: "Rule"
    most: int
    least: int = 0
    unique: bool = False


@dataclass(frozen=True)
class Group:
    """An object: no key but these, and each of `required`."""

    keys: Mapping[str, "Rule"]
    required: tuple[str, ...] = ()


class Flag:
    pass


Rule = Text | Items | Group | Flag

_ANY = 1_000_000
"""Where the schema sets no limit."""
_FLAG = Flag()
_URL = "^https?://"
_PROMPT = Group({"title": Text(_ANY), "message": Text(_ANY)}, required=("title", "message"))
_ACTION = Group({"name": Text(_ANY), "description": Text(_ANY)}, required=("name", "description"))
_NAMES = Items(Text(50), most=100, unique=True)
_SCOPES = Items(Text(50), most=255)

# SCHEMA, display_information; https://docs.slack.dev/reference/app-manifest says 174 for the least long description.
_DISPLAY = Group(
    {
        "name": Text(35),
        "description": Text(140),
        "long_description": Text(4_000, least=175),
        "background_color": Text(7, least=4, pattern="^#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?$"),
    },
    required=("name",),
)
# SCHEMA, features. TYPES allows a bot's name only a-z, 0-9, "-", "_", "."; Slack's own samples have others, such as
# https://github.com/slack-samples/bolt-python-support-agent, so that this is no rule here.
_FEATURES = Group(
    {
        "app_home": Group(
            {"home_tab_enabled": _FLAG, "messages_tab_enabled": _FLAG, "messages_tab_read_only_enabled": _FLAG}
        ),
        "agent_view": Group(
            {
                "agent_description": Text(300),
                "suggested_prompts": Items(_PROMPT, most=4),
                "actions": Items(_ACTION, most=_ANY),
            }
        ),
        "assistant_view": Group(
            {"assistant_description": Text(_ANY), "suggested_prompts": Items(_PROMPT, most=_ANY)},
            required=("assistant_description",),
        ),
        "bot_user": Group({"display_name": Text(80), "always_online": _FLAG}, required=("display_name",)),
        "shortcuts": Items(
            Group(
                {
                    "name": Text(24),
                    "type": Text(7, pattern="^(message|global)$"),
                    "callback_id": Text(255),
                    "description": Text(150),
                },
                required=("name", "type", "callback_id", "description"),
            ),
            most=10,
            least=1,
        ),
        "slash_commands": Items(
            Group(
                {
                    "command": Text(32, least=2, pattern="^/"),
                    "url": Text(3_000, pattern=_URL),
                    "description": Text(2_000),
                    "usage_hint": Text(1_000),
                    "should_escape": _FLAG,
                },
                required=("command", "description"),
            ),
            most=50,
            least=1,
        ),
    }
)
# SCHEMA, oauth_config and settings.
_SETTINGS = Group(
    {
        "event_subscriptions": Group(
            {"request_url": Text(3_500, pattern=_URL), "user_events": _NAMES, "bot_events": _NAMES}
        ),
        "interactivity": Group(
            {
                "is_enabled": _FLAG,
                "request_url": Text(3_500, pattern=_URL),
                "message_menu_options_url": Text(3_500, pattern=_URL),
            },
            required=("is_enabled",),
        ),
        "org_deploy_enabled": _FLAG,
        "socket_mode_enabled": _FLAG,
        "token_rotation_enabled": _FLAG,
    }
)
MANIFEST = Group(
    {
        "display_information": _DISPLAY,
        "features": _FEATURES,
        "oauth_config": Group(
            {
                "redirect_urls": Items(Text(2_500), most=1_000, unique=True),
                "scopes": Group(
                    {"bot": _SCOPES, "user": _SCOPES, "bot_optional": _SCOPES, "user_optional": _SCOPES},
                ),
            }
        ),
        "settings": _SETTINGS,
    },
    required=("display_information",),
)

BOT_SCOPES = frozenset(
    # https://docs.slack.dev/reference/scopes/assistant.write; TYPES' list is older than it.
    "assistant:write "
    # TYPES, BotScope.
    "app_mentions:read bookmarks:read bookmarks:write calls:read calls:write channels:history channels:join "
    "channels:manage channels:read channels:write.invites channels:write.topic chat:write chat:write.customize "
    "chat:write.public commands conversations.connect:manage conversations.connect:read conversations.connect:write "
    "datastore:read datastore:write dnd:read emoji:read files:read files:write groups:history groups:read groups:write "
    "groups:write.invites groups:write.topic im:history im:read im:write incoming-webhook links.embed:write links:read "
    "links:write metadata.message:read mpim:history mpim:read mpim:write mpim:write.invites mpim:write.topic pins:read "
    "pins:write reactions:read reactions:write reminders:read reminders:write remote_files:read remote_files:share "
    "remote_files:write team.billing:read team.preferences:read team:read tokens.basic triggers:read triggers:write "
    "usergroups:read usergroups:write users.profile:read users:read users:read.email users:write".split()
)
EVENT_SCOPE: Mapping[str, str | None] = {
    # TYPES, ManifestEvent, as far as an app like this one may want them; the scope that each needs is on its page,
    # https://docs.slack.dev/reference/events/NAME.
    "app_context_changed": None,
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "app_uninstalled": None,
    "assistant_thread_context_changed": "assistant:write",
    "assistant_thread_started": "assistant:write",
    "file_shared": "files:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "message_metadata_posted": "metadata.message:read",
    "reaction_added": "reactions:read",
    "team_join": "users:read",
    "tokens_revoked": None,
}
