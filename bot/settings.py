"""Settings from the environment or a `.env` file, checked once at the start."""

from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every setting of the coach. The name in the environment is the field's name in capitals."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True)

    coach_host: str = "127.0.0.1"
    coach_port: int = Field(default=8080, ge=0, le=65_535)
    coach_knowledge_dir: Path = Path("knowledge")
    coach_data_dir: Path = Path(".coach")
    coach_web_token: SecretStr | None = None
