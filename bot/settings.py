"""Settings from the environment or a `.env` file, checked once at the start."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.prompts.prices import Price

_ADDRESS = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:/[^\s?#]*)?")
_TOKEN = re.compile(r"[!-~]+")
_CHANNEL = re.compile(r"slack:[^/:\s]+|teams:19:[^/:;\s]+@thread\.[a-z0-9]+")
_GUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TEAMS = ("teams_app_password", "teams_app_tenant_id", "teams_app_type", "teams_cloud")
_ADMIN = re.compile(r"local|slack:[^/\s]+/[^/\s]+|teams:[^/\s]+/[^/\s]+")


class Settings(BaseSettings):
    """Every setting of the coach. The name in the environment is the field's name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    coach_host: str = "127.0.0.1"
    coach_port: int = Field(default=8080, ge=0, le=65_535)
    coach_knowledge_dir: Path = Path("knowledge")
    coach_prompts_dir: Path = Path("prompts")
    coach_data_dir: Path = Path(".coach")
    coach_web_token: SecretStr | None = None
    coach_admins: Annotated[frozenset[str], NoDecode] = frozenset({"local"})
    coach_prices: Mapping[str, Price] = Field(default_factory=dict)
    coach_admin_channel: str | None = None
    coach_log_level: Literal["debug", "info", "warning", "error"] = "info"
    coach_log_format: Literal["auto", "text", "json"] = "auto"
    coach_messages_a_minute: int = Field(default=600, ge=0, le=1_000_000)
    coach_messages_a_minute_person: int = Field(default=20, ge=0, le=1_000_000)
    coach_keep_threads_hours: float = Field(default=24.0, gt=0, le=720)
    coach_keep_reviews_hours: float = Field(default=24.0, gt=0, le=720)
    coach_keep_replies_minutes: float = Field(default=10.0, ge=5, le=1_440)
    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str | None = None
    teams_app_id: str | None = None
    teams_app_password: SecretStr | None = None
    teams_app_tenant_id: str | None = None
    teams_app_type: Literal["SingleTenant", "MultiTenant", "UserAssignedMSI"] = "SingleTenant"
    teams_cloud: Literal["public", "gcc", "gcc-high", "dod"] = "public"
    teams_local: bool = False
    redis_url: SecretStr | None = None
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    claude_first_token_seconds: float = Field(default=8.0, gt=0, le=150)
    claude_answer_seconds: float = Field(default=45.0, gt=0, le=150)
    claude_whole_knowledge_tokens: int = Field(default=25_000, ge=0, le=500_000)
    claude_tokens_a_day: int = Field(default=20_000_000, ge=0)
    claude_tokens_a_day_person: int = Field(default=500_000, ge=0)

    @field_validator("slack_bot_token", "slack_signing_secret", "slack_app_token", "teams_app_password")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("it has spaces or line breaks in it: copy it once more")
        return value

    @field_validator("coach_log_level", "coach_log_format", mode="before")
    @classmethod
    def _in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("coach_admin_channel")
    @classmethod
    def _admin_channel(cls, value: str | None) -> str | None:
        if value is not None and not _CHANNEL.fullmatch(value):
            raise ValueError(
                "write slack: or teams: and the channel's id, such as slack:C0123456789 or teams:19:abc@thread.tacv2"
            )
        return value

    @field_validator("teams_app_id", "teams_app_tenant_id")
    @classmethod
    def _guid(cls, value: str | None) -> str | None:
        if value is not None and not _GUID.fullmatch(value.lower()):
            raise ValueError("write an id such as 01234567-89ab-cdef-0123-456789abcdef, as the Azure portal shows it")
        return value and value.lower()

    @model_validator(mode="after")
    def _whole_slack(self) -> Self:
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise ValueError(
                "SLACK_BOT_TOKEN is set, and neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is"
            )
        if not self.slack_bot_token and (self.slack_app_token or self.slack_signing_secret):
            given = "SLACK_APP_TOKEN" if self.slack_app_token else "SLACK_SIGNING_SECRET"
            raise ValueError(f"{given} is set, and SLACK_BOT_TOKEN is not")
        return self

    @model_validator(mode="after")
    def _whole_teams(self) -> Self:
        given = [name.upper() for name in _TEAMS if name in self.model_fields_set]
        if self.teams_app_id is None and given:
            raise ValueError(f"{given[0]} is set, and TEAMS_APP_ID is not")
        if self.teams_app_id and self.teams_local:
            raise ValueError("TEAMS_LOCAL takes whatever comes unsigned: unset it, or TEAMS_APP_ID")
        if self.teams_app_id and not self.teams_app_password and self.teams_app_type != "UserAssignedMSI":
            raise ValueError("TEAMS_APP_ID is set, and TEAMS_APP_PASSWORD is not (only UserAssignedMSI needs none)")
        if self.teams_app_id and not self.teams_app_tenant_id and self.teams_app_type != "MultiTenant":
            raise ValueError("TEAMS_APP_ID is set, and TEAMS_APP_TENANT_ID is not (only MultiTenant needs none)")
        return self

    @model_validator(mode="after")
    def _known_admin_channel(self) -> Self:
        platform = (self.coach_admin_channel or "").partition(":")[0]
        if platform == "slack" and not self.slack_bot_token:
            raise ValueError("COACH_ADMIN_CHANNEL is in Slack, and SLACK_BOT_TOKEN is not set")
        if platform == "teams" and not self.teams_app_id:
            raise ValueError(
                "COACH_ADMIN_CHANNEL is in Teams, and TEAMS_APP_ID is not set (TEAMS_LOCAL announces nothing)"
            )
        return self

    @field_validator("anthropic_base_url", "slack_api_url")
    @classmethod
    def _base_url(cls, value: str | None) -> str | None:
        if value is not None and not _ADDRESS.fullmatch(value):
            raise ValueError("write the address of a server, such as http://127.0.0.1:8000")
        return value

    @field_validator("coach_admins", mode="before")
    @classmethod
    def _admins(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        named = [name.strip() for name in value.split(",") if name.strip()]
        for name in named:
            if not _ADMIN.fullmatch(name):
                raise ValueError(
                    f"{name!r} names nobody; write local, slack:TEAM/USER or teams:TENANT/OBJECT, with commas between"
                )
        return frozenset(name.lower() if name.startswith("teams:") else name for name in named)
