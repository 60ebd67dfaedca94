"""The SDK's own check of tokens, with every address given: none of its own is ever used."""

from botframework.connector.auth import (
    AuthenticationConfiguration,
    BotFrameworkAuthentication,
    BotFrameworkAuthenticationFactory,
    MicrosoftAppCredentials,
    ServiceClientCredentialsFactory,
)

from bot.channels.teams.cloud import Cloud


class _Credentials(ServiceClientCredentialsFactory):
    """Knows the app's id. Its credentials are empty: the driver shows the token."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id

    async def is_valid_app_id(self, app_id: str) -> bool:
        return bool(self._app_id) and app_id == self._app_id

    async def is_authentication_disabled(self) -> bool:
        return False

    async def create_credentials(self, *_: object, **__: object) -> MicrosoftAppCredentials:
        return MicrosoftAppCredentials.empty()


def sdk_check(app_id: str, cloud: Cloud, *, metadata_url: str) -> BotFrameworkAuthentication:
    """Gives the SDK's check for an app (`app_id`, "" for none) in one cloud; its keys are kept under `metadata_url`."""
    return BotFrameworkAuthenticationFactory.create(
        validate_authority=True,
        to_channel_from_bot_login_url=f"{cloud.login_url}/{cloud.shared_tenant}",
        to_channel_from_bot_oauth_scope=cloud.resource,
        to_bot_from_channel_token_issuer=cloud.issuer,
        oauth_url=cloud.issuer or metadata_url,
        to_bot_from_channel_open_id_metadata_url=metadata_url,
        to_bot_from_emulator_open_id_metadata_url=metadata_url,
        caller_id=None,
        credential_factory=_Credentials(app_id),
        auth_configuration=AuthenticationConfiguration(),
    )
