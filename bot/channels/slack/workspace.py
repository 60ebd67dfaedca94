"""The workspace that the coach's token belongs to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Workspace:
    """Who the coach is in Slack: `team` is the workspace, `bot_user` the member that it posts as."""

    team: str
    bot_user: str
    bot_id: str
