"""Which requests are of the coach's own workspace."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.channels.doorway import Doorway
from bot.channels.slack.doorway import Refusal, is_of, team_of
from bot.channels.slack.workspace import Workspace

OURS = Workspace(team="T1", bot_user="UBOT", bot_id="BBOT")


def event(team: str | None, *authorized: str, **more: object) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": team,
        "event": {"type": "message", "team": "T1"},
        "authorizations": [{"enterprise_id": None, "team_id": each, "user_id": "UBOT"} for each in authorized],
        **more,
    }


def interaction(kind: str, team: str | None, user_team: str | None = None, **more: object) -> dict[str, Any]:
    user = {"id": "U1", "username": "ann"} | ({"team_id": user_team} if user_team else {})
    return {"type": kind, "team": {"id": team, "domain": "acme"} if team else None, "user": user, **more}


@pytest.mark.parametrize(
    "body",
    [
        event("T1", "T1"),
        event("T1"),
        event("T2", "T1", is_ext_shared_channel=True),
        event("T2", "T3", "T1", is_ext_shared_channel=True),
        interaction("block_actions", "T1"),
        interaction("block_actions", "T1", "T1", container={"type": "message"}),
        interaction("block_actions", None, "T1", enterprise={"id": "E1"}, is_enterprise_install=True),
        interaction("view_submission", "T1", view={"callback_id": "review_form"}),
        interaction("view_submission", None, "T1", view={"callback_id": "review_form"}),
        interaction("message_action", "T1", callback_id="review_message"),
        {"command": "/coach", "team_id": "T1", "user_id": "U1", "text": "", "channel_id": "C1"},
    ],
)
def test_requests_of_the_coachs_own_workspace_are_let_in(body: Mapping[str, Any]) -> None:
    assert is_of(body, OURS)


@pytest.mark.parametrize(
    "body",
    [
        event("T2", "T2"),
        event("T2"),
        event(None),
        {**event("T2"), "authorizations": None},
        {**event("T2"), "authorizations": ["T1", None, {"team_id": None}, {}]},
        {**event("T2"), "authorizations": {"team_id": "T1"}},
        {"type": "event_callback", "team_id": "T2", "event": {"type": "message", "team": "T1", "team_id": "T1"}},
        interaction("block_actions", "T2"),
        interaction("block_actions", "T2", "T1"),
        interaction("block_actions", None, "T2"),
        interaction("block_actions", None),
        interaction("block_actions", "T2", authorizations=[{"team_id": "T1"}]),
        interaction("view_submission", "T2", "T1", authorizations=[{"team_id": "T1"}]),
        {"command": "/coach", "team_id": "T2", "user_id": "U1", "text": "T1"},
        {"command": "/coach", "team_id": "T2", "authorizations": [{"team_id": "T1"}]},
        {"command": "/coach", "team_id": ""},
        {"type": "block_actions", "team": "T1"},
        {"type": "block_actions", "team": None, "user": None},
        {"type": "block_actions", "team": {}, "user": {}},
        {},
    ],
)
def test_requests_of_other_workspaces_are_not(body: Mapping[str, Any]) -> None:
    assert not is_of(body, OURS)


@pytest.mark.parametrize(
    "body", [{}, {"team": {}}, {"team": None, "user": {}}, {"user": {"id": "U1"}}, {"team_id": None}]
)
def test_a_request_that_names_no_workspace_is_of_none(body: Mapping[str, Any]) -> None:
    assert team_of(body) is None
    assert not is_of(body, Workspace(team="None", bot_user="U", bot_id="B"))


def test_what_is_refused_is_counted_by_its_reason() -> None:
    doorway = Doorway()
    for reason in (Refusal.SIGNATURE, Refusal.SIZE, Refusal.SIGNATURE):
        doorway.refuse(reason)
    assert doorway.refused == {"signature": 2, "size": 1}
    assert (doorway.passed_over, doorway.taken, doorway.duplicates) == ({}, {}, 0)
