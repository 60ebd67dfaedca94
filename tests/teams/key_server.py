"""A server that publishes signing keys, and tokens signed with them."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import jwt
from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

APP_ID = "11111111-2222-3333-4444-555555555555"
TENANT = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"
ISSUER = "https://issuer.example"
SERVICE = "https://smba.trafficmanager.net/emea/"
KEY = "key-1"
METADATA = "/metadata"
KEYS = "/keys"


_private_keys: dict[tuple[str, int], rsa.RSAPrivateKey] = {}


def private_key(name: str = KEY, bits: int = 2_048) -> rsa.RSAPrivateKey:
    """The key of a name, the same for as long as the tests run."""
    if (name, bits) not in _private_keys:
        _private_keys[name, bits] = rsa.generate_private_key(public_exponent=65_537, key_size=bits)
    return _private_keys[name, bits]


def published(name: str = KEY, *, bits: int = 2_048, **changed: object) -> Mapping[str, object]:
    """The key as it is published."""
    public = json.loads(RSAAlgorithm.to_jwk(private_key(name, bits).public_key()))
    return {
        "kty": "RSA",
        "use": "sig",
        "kid": name,
        "n": public["n"],
        "e": public["e"],
        "endorsements": ["acs", "msteams"],
        **changed,
    }


def public_pem(name: str = KEY) -> bytes:
    """The public key in the form that a forger may take for a shared secret."""
    return (
        private_key(name)
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def claims(**changed: object) -> dict[str, object]:
    """Right claims but for what is changed; None leaves one out."""
    now = int(time.time())
    all_ = {"iss": ISSUER, "aud": APP_ID, "serviceurl": SERVICE, "nbf": now - 60, "exp": now + 3_600, **changed}
    return {name: value for name, value in all_.items() if value is not None}


def token(
    *, kid: str | None = KEY, signer: str = KEY, header: Mapping[str, Any] | None = None, **changed: object
) -> str:
    """A token that is right but for what is changed."""
    headers = {**({"kid": kid} if kid is not None else {}), **(header or {})}
    return jwt.encode(claims(**changed), private_key(signer), algorithm="RS256", headers=headers)


def activity(**changed: object) -> dict[str, object]:
    """A message as Teams sends it but for what is changed; None leaves one out."""
    all_ = {
        "type": "message",
        "id": "1",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "from": {"id": "29:ann", "aadObjectId": "00000000-0000-0000-0000-00000000000a"},
        "recipient": {"id": f"28:{APP_ID}"},
        "conversation": {"id": "a:1", "conversationType": "personal", "tenantId": TENANT},
        "channelData": {"tenant": {"id": TENANT}},
        "text": "What holds water against the eaves?",
        **changed,
    }
    return {name: value for name, value in all_.items() if value is not None}


class KeyServer:
    """Publishes `keys`; `asked` counts every request by its path, whatever it is.

    What it answers is `answers[path]` where a test has put something there; nothing is answered before `is_open` is.
    """

    def __init__(self) -> None:
        self.keys: Sequence[object] = [published()]
        self.answers: dict[str, web.Response] = {}
        self.asked: Counter[str] = Counter()
        self.is_open = asyncio.Event()
        self.is_open.set()
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._answer)
        self._server = TestServer(app, host="127.0.0.1")

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open.set()
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    @property
    def metadata_url(self) -> str:
        return self.url + METADATA

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        await self.is_open.wait()
        if request.path in self.answers:
            answer = self.answers[request.path]
            return web.Response(status=answer.status, body=answer.body, headers=answer.headers)
        if request.path == METADATA:
            return web.json_response({"issuer": ISSUER, "jwks_uri": self.url + KEYS})
        if request.path == KEYS:
            return web.json_response({"keys": self.keys})
        return web.Response(status=404)
