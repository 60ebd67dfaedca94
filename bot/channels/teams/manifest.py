"""The app package that Teams is given: its manifest, its icons, and both as a zip. Pure but for reading the icons."""

import io
import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

NAME = "Field Coach"
MAX_NAME, MAX_DEVELOPER, MAX_ADDRESS = 30, 32, 2_048
REVIEW_PHRASING = "reviewPhrasing"
"""The id of the message extension's command."""
SCHEMA = "1.25"
"""The oldest version of Microsoft's schema with private and shared channels; Teams takes the older ones for good."""
VERSION = "1.0.0"
"""The package's own: Teams takes another package as an update only if its version is higher."""
ICONS = ("color.png", "outline.png")
PLACEHOLDER = "https://example.com"
"""Where a manifest points that was given no address: Teams takes none without."""

_WEB = re.compile(r"https://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::\d{1,5})?(?:/[\w.~%/-]*)?", re.IGNORECASE | re.ASCII)
_HOST = re.compile(r"(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)+", re.IGNORECASE | re.ASCII)
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MADE = (1980, 1, 1, 0, 0, 0)
"""When every file in the zip was made, so that the same manifest gives the same bytes."""

_DESCRIPTION = "Answers from the lessons, and reviews drafts for what not to say."
_LONG_DESCRIPTION = (
    "Ask a question: the answer comes from the lessons, with the exact lines that it rests on, and it says so when "
    "they do not cover something. Give it a draft: it finds the sentences that the field language guide says not to "
    "write, shows what to say instead and why, and leaves everything else as it is. A review comes to you alone, never "
    "to a group or a channel."
)
_COMMANDS: tuple[tuple[str, str], ...] = (
    ("help", "What you can ask and do"),
    ("guide", "What not to say, what to say instead, and why; a word after it narrows it down"),
    ("review", "Review the draft that you paste after it; only you see the review"),
    ("forget me", "Erase what is kept about you"),
)
_ADMIN_COMMANDS: tuple[tuple[str, str], ...] = (
    ("prompts", "For admins: the versions of the system prompt"),
    ("rollback", "For admins: back to the version before; write the reason after it"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Developer:
    """Who answers for the app, and the pages that tell of it: in Teams they stand below the app's description."""

    name: str = NAME
    website: str = PLACEHOLDER
    privacy: str = PLACEHOLDER
    terms: str = PLACEHOLDER


def teams_manifest(*, app_id: str, name: str, domain: str | None, developer: Developer) -> Mapping[str, object]:
    """Gives the manifest of the app of a bot.

    `app_id` is the bot's, in Entra; `domain` the host that the coach is reached at, if it is to be told to Teams.
    """
    commands = [
        {"scopes": ["personal"], "commands": _listed(*_COMMANDS, *_ADMIN_COMMANDS)},
        {"scopes": ["team"], "commands": _listed(*_COMMANDS)},
        {"scopes": ["groupChat"], "commands": _listed(*_COMMANDS)},
    ]
    extension = {
        "id": REVIEW_PHRASING,
        "type": "action",
        "context": ["message", "compose"],
        "title": "Review phrasing",
        "description": "Reviews this wording, for you alone",
        "fetchTask": True,
    }
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{SCHEMA}/MicrosoftTeams.schema.json",
        "manifestVersion": SCHEMA,
        "version": VERSION,
        "id": app_id,
        "developer": {
            "name": developer.name,
            "websiteUrl": developer.website,
            "privacyUrl": developer.privacy,
            "termsOfUseUrl": developer.terms,
        },
        "name": {"short": name, "full": name},
        "description": {"short": _DESCRIPTION, "full": _LONG_DESCRIPTION},
        "icons": {"color": ICONS[0], "outline": ICONS[1]},
        "accentColor": "#0b5d57",
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "supportsFiles": True,
                "isNotificationOnly": False,
                "commandLists": commands,
            }
        ],
        "composeExtensions": [{"botId": app_id, "commands": [extension]}],
        "defaultInstallScope": "personal",
        "defaultGroupCapability": {"team": "bot", "groupchat": "bot"},
        "supportsChannelFeatures": "tier1",
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [domain] if domain else [],
    }


def app_package(manifest: Mapping[str, object]) -> bytes:
    """Gives the zip that is uploaded to Teams: the manifest and its icons. The same manifest gives the same bytes."""
    written = json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"
    icons = files("bot.channels.teams") / "icons"
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_STORED) as packed:
        for file, content in [("manifest.json", written), *((icon, (icons / icon).read_bytes()) for icon in ICONS)]:
            packed.writestr(zipfile.ZipInfo(file, _MADE), content)
    return package.getvalue()


def app_name(name: str) -> str:
    """Gives a name as the app carries it.

    Raises:
        ValueError: it is empty, too long, or not to be printed.
    """
    return _title(name, MAX_NAME)


def developer_name(name: str) -> str:
    """Gives a developer's name as the app carries it.

    Raises:
        ValueError: as of an app's name.
    """
    return _title(name, MAX_DEVELOPER)


def bot_id(app_id: str) -> str:
    """Gives an app id as manifests have it.

    Raises:
        ValueError: it is none.
    """
    found = app_id.strip().lower()
    if not _GUID.fullmatch(found):
        raise ValueError("write the bot's app id, such as 01234567-89ab-cdef-0123-456789abcdef")
    return found


def public_host(domain: str) -> str:
    """Gives the host of the coach's public address, from either.

    Raises:
        ValueError: it is none that Teams can reach.
    """
    host = domain.strip().removeprefix("https://").partition("/")[0].lower()
    if not _HOST.fullmatch(host) or len(host) > MAX_ADDRESS:
        raise ValueError("write the host that the coach is reached at, such as coach.example.com")
    return host


def web_page(address: str) -> str:
    """Gives the address of a page.

    Raises:
        ValueError: it is none with https.
    """
    found = address.strip()
    if not _WEB.fullmatch(found) or len(found) > MAX_ADDRESS:
        raise ValueError("write a page's https address, such as https://example.com/privacy")
    return found


def _title(name: str, most: int) -> str:
    title = name.strip()
    if not 1 <= len(title) <= most or not title.isprintable():
        raise ValueError(f"write a name of 1 to {most} characters in one line")
    return title


def _listed(*commands: tuple[str, str]) -> list[Mapping[str, str]]:
    return [{"title": title, "description": description} for title, description in commands]
