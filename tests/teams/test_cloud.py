"""Microsoft's clouds: what is known of each, and where replies may go."""

import pytest
from botframework.connector.auth import AuthenticationConstants, GovernmentConstants

from bot.channels.teams.cloud import CLOUDS, LOCAL
from tests.teams.test_authentication import FORGED


@pytest.mark.parametrize(
    ("names", "sdk"), [(("public", "gcc"), AuthenticationConstants), (("gcc-high", "dod"), GovernmentConstants)]
)
def test_what_the_sdk_knows_of_a_cloud_is_what_the_coach_knows(names: tuple[str, ...], sdk: object) -> None:
    for cloud in (CLOUDS[name] for name in names):
        assert vars(sdk)["TO_BOT_FROM_CHANNEL_TOKEN_ISSUER"] == cloud.issuer
        assert vars(sdk)["TO_BOT_FROM_CHANNEL_OPENID_METADATA_URL"] == cloud.metadata_url
        assert vars(sdk)["TO_CHANNEL_FROM_BOT_LOGIN_URL_PREFIX"] == f"{cloud.login_url}/"
        assert vars(sdk)["TO_CHANNEL_FROM_BOT_OAUTH_SCOPE"] == cloud.resource
        assert vars(sdk)["DEFAULT_CHANNEL_AUTH_TENANT"] == cloud.shared_tenant
        assert cloud.scope == f"{cloud.resource}/.default"


def test_every_cloud_takes_replies_where_it_says() -> None:
    assert {name: cloud.service_url for name, cloud in CLOUDS.items()} == {
        "public": "https://smba.trafficmanager.net/teams",
        "gcc": "https://smba.infra.gcc.teams.microsoft.com/teams",
        "gcc-high": "https://smba.infra.gov.teams.microsoft.us/teams",
        "dod": "https://smba.infra.dod.teams.microsoft.us/teams",
    }
    assert all(cloud.is_service(cloud.service_url) for cloud in CLOUDS.values())
    assert CLOUDS["public"].is_service("https://smba.trafficmanager.net/amer/12345678-1234-1234-1234-123456789abc/")


def test_a_government_cloud_takes_nothing_to_another_cloud() -> None:
    for name in ("gcc-high", "dod"):
        others = [cloud.service_url for cloud in CLOUDS.values() if cloud.name != name]
        assert not [url for url in others if CLOUDS[name].is_service(url)]


@pytest.mark.parametrize("url", [*FORGED, None, 7, "http://127.0.0.1/", "https://127.0.0.1/", "https://localhost/"])
def test_no_cloud_takes_what_is_not_teams(url: object) -> None:
    assert not [cloud.name for cloud in CLOUDS.values() if cloud.is_service(url)]


@pytest.mark.parametrize("url", [url for url in FORGED if "localhost" not in url])
def test_this_machine_takes_nothing_of_others(url: str) -> None:
    assert not LOCAL.is_service(url)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:56150/_connector", "http://localhost:1", "http://localhost/", "http://[::1]:8080/a"]
)
def test_this_machine_is_reached_by_its_own_names(url: str) -> None:
    assert LOCAL.is_service(url)
