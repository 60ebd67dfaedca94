"""Who may speak to the coach in Teams: the SDK's own check of tokens, behind stricter ones, with keys fetched here."""

import time
from abc import abstractmethod
from collections.abc import Callable
from itertools import count

from botbuilder.schema import Activity, ConversationAccount
from botframework.connector.auth import (
    AuthenticateRequestResult,
    BotFrameworkAuthentication,
    ClaimsIdentity,
    ConnectorFactory,
    JwtTokenExtractor,
    UserTokenClient,
)

from bot.channels.teams.claims import claims_of
from bot.channels.teams.cloud import LOCAL, Cloud
from bot.channels.teams.fields import Json
from bot.channels.teams.ids import MS_TEAMS
from bot.channels.teams.keys import SigningKeys
from bot.channels.teams.refusals import KeysAwayError, Refusal, RefusedTokenError
from bot.channels.teams.sdk_check import sdk_check

_serial = count()


def envelope_of(body: Json) -> Activity:
    """Gives the part of an activity that says where it comes from; the rest is read once that is believed."""
    conversation = body.get("conversation")
    tenant = conversation.get("tenantId") if isinstance(conversation, dict) else None
    return Activity(
        channel_id=body.get("channelId"),
        service_url=body.get("serviceUrl"),
        conversation=ConversationAccount(tenant_id=tenant),
        channel_data=body.get("channelData"),
    )


class Authentication(BotFrameworkAuthentication):
    """What both ways in share: replies go through `connectors`, and nothing here asks the network for a turn."""

    def __init__(self, sdk: BotFrameworkAuthentication, cloud: Cloud, connectors: ConnectorFactory) -> None:
        self._sdk = sdk
        self._cloud = cloud
        self._connectors = connectors
        self._user_tokens: UserTokenClient | None = None

    @abstractmethod
    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """Gives the identity of who sent an activity.

        Raises:
            RefusedTokenError: it is not who may.
            KeysAwayError: nobody can say at the moment.
        """

    async def authenticate_streaming_request(
        self,
        auth_header: str,  # noqa: ARG002 - the SDK's signature
        channel_id_header: str,  # noqa: ARG002
    ) -> AuthenticateRequestResult:
        """Refuses: Teams opens no socket to the coach."""
        raise RefusedTokenError(Refusal.CHANNEL)

    def create_connector_factory(self, claims_identity: ClaimsIdentity) -> ConnectorFactory:  # noqa: ARG002
        """Gives what makes clients of Teams' service."""
        return self._connectors

    async def create_user_token_client(self, claims_identity: ClaimsIdentity) -> UserTokenClient:
        """Gives the SDK's client of people's tokens, which the coach never uses: one for all turns."""
        if self._user_tokens is None:
            self._user_tokens = await self._sdk.create_user_token_client(claims_identity)
        return self._user_tokens

    def get_originating_audience(self) -> str:
        """Gives the scope of what the coach sends."""
        return self._cloud.resource

    def _check_origin(self, activity: Activity) -> None:
        if activity.channel_id != MS_TEAMS:
            raise RefusedTokenError(Refusal.CHANNEL)
        if not self._cloud.is_service(activity.service_url):
            raise RefusedTokenError(Refusal.SERVICE)


class TeamsAuthentication(Authentication):
    """Lets in what Microsoft's service has signed for this app, from the app's own tenant where it has one."""

    def __init__(
        self,
        app_id: str,
        cloud: Cloud,
        connectors: ConnectorFactory,
        *,
        tenant: str | None,
        keys: SigningKeys | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Makes the check; nothing is fetched before a token needs it.

        Args:
            app_id: the app's id, in small letters.
            cloud: who signs, and where replies may go.
            connectors: makes clients of Teams' service that carry the app's token.
            tenant: the only tenant that may be, None for any.
            keys: the published keys.
            now: seconds since 1970.

        Raises:
            ValueError: there is no app id, which to the SDK means that anybody may come.
        """
        if not app_id:
            raise ValueError("an app id is needed to check what comes")
        # A name of its own, which is also an address of the metadata: under it the SDK finds our keys in its cache.
        name = f"{cloud.metadata_url}#{next(_serial)}"
        JwtTokenExtractor.metadataCache[name] = keys or SigningKeys(cloud.metadata_url)
        super().__init__(sdk_check(app_id, cloud, metadata_url=name), cloud, connectors)
        self._app_id = app_id
        self._tenant = tenant
        self._now = now

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:
        """Gives the identity of who sent an activity; see `Authentication`.

        Of the activity only what `envelope_of` gives is looked at.
        """
        claims = claims_of(auth_header, app_id=self._app_id, issuer=self._cloud.issuer, now=self._now())
        self._check_origin(activity)
        if claims.get("serviceurl") != activity.service_url:
            raise RefusedTokenError(Refusal.SERVICE)
        if self._tenant is not None and _tenants(activity) != {self._tenant.lower()}:
            raise RefusedTokenError(Refusal.TENANT)
        try:
            result = await self._sdk.authenticate_request(activity, auth_header)
        except (RefusedTokenError, KeysAwayError):
            raise
        except Exception:  # the SDK raises anything for a wrong token, bare Exception included
            raise RefusedTokenError(Refusal.SIGNATURE) from None
        result.connector_factory = self._connectors
        return result


class LocalAuthentication(Authentication):
    """Lets in what says that it is of Teams on this machine; the doorway sees to it that it came from there."""

    def __init__(self, connectors: ConnectorFactory, *, cloud: Cloud = LOCAL) -> None:
        super().__init__(sdk_check("", cloud, metadata_url="local"), cloud, connectors)

    async def authenticate_request(self, activity: Activity, auth_header: str) -> AuthenticateRequestResult:  # noqa: ARG002
        """Gives an identity that is nobody's; see `Authentication`."""
        self._check_origin(activity)
        result = AuthenticateRequestResult()
        result.claims_identity = ClaimsIdentity({"aud": ""}, True, "anonymous")
        result.audience = self.get_originating_audience()
        result.connector_factory = self._connectors
        return result


def _tenants(activity: Activity) -> set[str]:
    """Every tenant that an activity says it is of; what is no name stands for one that is nobody's."""
    told: list[object] = [activity.conversation.tenant_id if activity.conversation else None]
    if isinstance(activity.channel_data, dict):
        tenant = activity.channel_data.get("tenant")
        told.append(tenant.get("id") if isinstance(tenant, dict) else tenant)
    return {each.lower() if isinstance(each, str) else "" for each in told if each is not None}
