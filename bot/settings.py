"""Settings from the environment or a `.env` file, checked once at the start."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.prompts.prices import Price

_ADDRESS = re.compile(r"https?://(?:[\w.-]+|\[[0-9a-fA-F:.]+\])(?::\d{1,5})?(?:/[^\s?#]*)?")
_TOKEN = re.compile(r"[!-~]+")
_CHANNEL = re.compile(r"slack:[^/:\s]+")
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
    slack_bot_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_api_url: str | None = None
    redis_url: SecretStr | None = None
    anthropic_api_key: SecretStr | None = None
    anthropic_base_url: str | None = None
    claude_first_token_seconds: float = Field(default=8.0, gt=0, le=150)
    claude_answer_seconds: float = Field(default=45.0, gt=0, le=150)
    claude_whole_knowledge_tokens: int = Field(default=25_000, ge=0, le=500_000)
    claude_tokens_a_day: int = Field(default=20_000_000, ge=0)
    claude_tokens_a_day_person: int = Field(default=500_000, ge=0)

    @field_validator("slack_bot_token", "slack_signing_secret", "slack_app_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("it has spaces or line breaks in it: copy it once more")
        return value

    @field_validator("coach_admin_channel")
    @classmethod
    def _admin_channel(cls, value: str | None) -> str | None:
        if value is not None and not _CHANNEL.fullmatch(value):
            raise ValueError("write slack: and the channel's id, such as slack:C0123456789")
        return value

    @model_validator(mode="after")
    def _whole_groups(self) -> Self:
        if self.slack_bot_token and not (self.slack_app_token or self.slack_signing_secret):
            raise ValueError(
                "SLACK_BOT_TOKEN is set, and neither SLACK_APP_TOKEN (Socket Mode) nor SLACK_SIGNING_SECRET (HTTP) is"
            )
        if not self.slack_bot_token and (self.slack_app_token or self.slack_signing_secret):
            given = "SLACK_APP_TOKEN" if self.slack_app_token else "SLACK_SIGNING_SECRET"
            raise ValueError(f"{given} is set, and SLACK_BOT_TOKEN is not")
        if self.coach_admin_channel and not self.slack_bot_token:
            raise ValueError("COACH_ADMIN_CHANNEL is in Slack, and SLACK_BOT_TOKEN is not set")
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
        return frozenset(named)
