"""How Teams is reached, as the coach's settings say."""

from dataclasses import dataclass, field

from bot.channels.teams.cloud import Cloud
from bot.channels.teams.tokens import NoTokens, Tokens, of_machine, of_secret

MSI = "UserAssignedMSI"
MULTI_TENANT = "MultiTenant"


@dataclass(frozen=True, slots=True)
class TeamsSettings:
    """How to reach Teams. Without an `app_id` nothing is signed, and only this machine is spoken with.

    `tenant` is the only one whose members are answered, "" for any; `kind` is TEAMS_APP_TYPE.
    """

    cloud: Cloud
    app_id: str = ""
    password: str = field(default="", repr=False)
    tenant: str = ""
    kind: str = "SingleTenant"

    @property
    def is_local(self) -> bool:
        """Whether it is the local mode."""
        return not self.app_id


def tokens_of(settings: TeamsSettings) -> Tokens:
    """Where the settings say that tokens come from."""
    if settings.is_local:
        return NoTokens()
    if settings.kind == MSI:
        return of_machine(settings.app_id, settings.cloud)
    tenant = settings.cloud.shared_tenant if settings.kind == MULTI_TENANT else settings.tenant
    return of_secret(settings.app_id, settings.password, tenant, settings.cloud)
