"""Microsoft's clouds: who signs what comes from Teams, where the coach signs in, and where replies may go.

Issuers, metadata and login addresses, scopes and shared tenants are the constants of the Bot Framework SDK
(`AuthenticationConstants`, `GovernmentConstants`), which https://learn.microsoft.com/azure/bot-service/
how-to-deploy-gov-cloud-high gives for GCC High; that DoD has the same, and the hosts, are the presets of Microsoft's
Teams SDK (https://microsoft.github.io/teams-sdk, "Sovereign Cloud Configuration" and "Service URL Validation"). The
addresses for messages that nothing came before are Teams' own list for proactive messages.
"""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass

_SERVICE = re.compile(r"(https?)://([a-z0-9.-]+|\[::1\])(:\d{1,5})?((?:/[A-Za-z0-9._~-]*)*)")
"""An address of a service, with nothing in it that two readers could understand differently."""


@dataclass(frozen=True, slots=True)
class Cloud:
    """What is true of one cloud.

    `issuer` is who signs requests, `metadata_url` where its keys are found; `login_url` gives tokens for `scope`, to an
    app of several tenants in the name of `shared_tenant`. Replies go to `service_hosts` alone, by exact name, and to
    `service_url` where no message has said where.
    """

    name: str
    issuer: str
    metadata_url: str
    login_url: str
    scope: str
    service_hosts: frozenset[str]
    service_url: str
    shared_tenant: str = "botframework.com"

    @property
    def resource(self) -> str:
        """What `scope` is a scope of."""
        return self.scope.removesuffix("/.default")

    def is_service(self, url: object) -> bool:
        """Whether replies, and with them the coach's token, may go to an address.

        It is https on the usual port of one of the hosts; only a loopback host that is listed may be had otherwise.
        """
        found = _SERVICE.fullmatch(url) if isinstance(url, str) else None
        if found is None:
            return False
        scheme, host, port, path = found.groups()
        if host not in self.service_hosts or ".." in path:
            return False
        return (scheme == "https" and port is None) or is_loopback_host(host)


def is_loopback_host(host: str) -> bool:
    """Whether a host, written as in an address, can only be this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]")).is_loopback
    except ValueError:
        return False


_COMMERCIAL_HOSTS = frozenset(
    {"smba.trafficmanager.net", "smba.onyx.prod.teams.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"}
)


def _commercial(name: str, service_url: str) -> Cloud:
    return Cloud(
        name=name,
        issuer="https://api.botframework.com",
        metadata_url="https://login.botframework.com/v1/.well-known/openidconfiguration",
        login_url="https://login.microsoftonline.com",
        scope="https://api.botframework.com/.default",
        service_hosts=_COMMERCIAL_HOSTS,
        service_url=service_url,
    )


def _government(name: str, host: str) -> Cloud:
    return Cloud(
        name=name,
        issuer="https://api.botframework.us",
        metadata_url="https://login.botframework.azure.us/v1/.well-known/openidconfiguration",
        login_url="https://login.microsoftonline.us",
        scope="https://api.botframework.us/.default",
        service_hosts=frozenset({host}),
        service_url=f"https://{host}/teams",
        shared_tenant="MicrosoftServices.onmicrosoft.us",
    )


CLOUDS: Mapping[str, Cloud] = {
    cloud.name: cloud
    for cloud in (
        _commercial("public", "https://smba.trafficmanager.net/teams"),
        _commercial("gcc", "https://smba.infra.gcc.teams.microsoft.com/teams"),
        _government("gcc-high", "smba.infra.gov.teams.microsoft.us"),
        _government("dod", "smba.infra.dod.teams.microsoft.us"),
    )
}
"""By the name in TEAMS_CLOUD. GCC is Microsoft's commercial cloud with a service of its own."""

LOCAL = Cloud(
    name="local",
    issuer="",
    metadata_url="",
    login_url="",
    scope="",
    service_hosts=frozenset({"127.0.0.1", "localhost", "[::1]"}),
    service_url="",
)
"""This machine: nothing is signed, and nothing leaves it."""
