"""The connector's signing key, its public part as the metadata has it, and the tokens that it signs."""

import functools
import json
import time

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from tests.teams.loopback.state import State
from tests.teams.loopback.workspace import APP_ID, Json

ISSUER = "https://api.botframework.com"
KEY = "loopback-key"
"""The id of the key that signs what is delivered."""
METADATA_PATH = "/v1/.well-known/openidconfiguration"
_KEYS_PATH = "/v1/.well-known/keys"
_SECRET = "s" * 32


@functools.cache
def _private(_name: str) -> rsa.RSAPrivateKey:
    """The key of this name, the same for as long as the process lives."""
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def token(service_url: str, *, alg: str = "RS256", kid: str = KEY, signer: str = KEY, **claims: object) -> str:
    """A token as the connector sends it; a claim of None is left out, `signer` names another key than the right one."""
    now = int(time.time())
    all_ = {"iss": ISSUER, "aud": APP_ID, "serviceurl": service_url, "nbf": now - 60, "exp": now + 3_600, **claims}
    payload = {name: value for name, value in all_.items() if value is not None}
    key = _private(signer) if alg == "RS256" else None if alg == "none" else _SECRET
    return jwt.encode(payload, key, algorithm=alg, headers={"kid": kid, "x5t": kid})  # type: ignore[arg-type]


class KeyServer:
    """The OpenID metadata and the keys; `asked` counts who asked for them."""

    def __init__(self, state: State) -> None:
        self._state = state
        self.asked = 0

    def add_to(self, app: web.Application) -> None:
        app.router.add_get(METADATA_PATH, self._metadata)
        app.router.add_get(_KEYS_PATH, self._keys)

    async def _metadata(self, _: web.Request) -> web.Response:
        self.asked += 1
        return web.json_response(
            {
                "issuer": ISSUER,
                "authorization_endpoint": "https://invalid.botframework.com",
                "jwks_uri": f"{self._state.url}{_KEYS_PATH}",
                "id_token_signing_alg_values_supported": ["RS256"],
                "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            }
        )

    async def _keys(self, _: web.Request) -> web.Response:
        self.asked += 1
        public: Json = json.loads(RSAAlgorithm.to_jwk(_private(KEY).public_key()))
        key = {"kty": "RSA", "use": "sig", "kid": KEY, "x5t": KEY, "n": public["n"], "e": public["e"]}
        return web.json_response({"keys": [{**key, "endorsements": ["msteams"]}]})
