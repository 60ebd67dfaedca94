"""The way in: which requests are let through, and what is counted of the others."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from bot.channels.slack.workspace import Workspace


class Refusal(StrEnum):
    """Why a request was not taken."""

    SIGNATURE = "signature"
    """Its signature is wrong or missing, or its time is not now."""
    WORKSPACE = "workspace"
    """It is signed, and of another workspace."""
    SIZE = "size"
    NOT_READY = "not ready"
    """Slack has not said yet which workspace the token belongs to, or the store is away; Slack sends it again."""


def team_of(body: Mapping[str, Any]) -> str | None:
    """The workspace that a request says it is of."""
    for holder, name in ((body.get("team"), "id"), (body, "team_id"), (body.get("user"), "team_id")):
        if isinstance(holder, Mapping) and isinstance(holder.get(name), str):
            return str(holder[name])
    return None


def is_of(body: Mapping[str, Any], workspace: Workspace) -> bool:
    """Whether a request is of the coach's own workspace.

    In a conversation shared with another company, an event may come under that company's name, with ours among its
    authorizations.
    """
    if team_of(body) == workspace.team:
        return True
    authorizations = body.get("authorizations")
    if body.get("type") != "event_callback" or not isinstance(authorizations, list):
        return False
    return any(isinstance(each, Mapping) and each.get("team_id") == workspace.team for each in authorizations)
