"""The keys that requests of Teams are signed with: fetched without blocking, rarely, and never because a token asks."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt.algorithms import RSAAlgorithm
from jwt.exceptions import PyJWTError

from bot.channels.teams.ids import MS_TEAMS
from bot.channels.teams.refusals import KeysAwayError, Refusal, RefusedTokenError

FETCH_SECONDS = 4.0
"""How long fetching the keys may take in all: a person's button waits for five seconds."""
OLD_SECONDS = 12 * 3_600.0
"""After how long the keys are fetched anew; Microsoft asks for once in 24 hours."""
WORTHLESS_SECONDS = 24 * 3_600.0
"""After how long without news they are not trusted any more."""
PAUSE_SECONDS = 300.0
"""Between two fetches while there are keys, whatever tokens come: who makes up names of keys fetches nothing more."""
AGAIN_SECONDS = 5.0
"""Between two fetches while there is no key at all."""
MAX_BYTES = 2_000_000
MAX_KEYS = 500
MIN_BITS = 2_048
_OK = 200

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the channels that it may sign for; both names are the SDK's."""

    public_key: RSAPublicKey
    endorsements: frozenset[str]


class SigningKeys:
    """The published keys. The SDK asks it for a key in place of its own keeper, which blocks the whole process."""

    def __init__(
        self, metadata_url: str, *, seconds: float = FETCH_SECONDS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Makes a keeper that has no key yet.

        Args:
            metadata_url: the OpenID metadata document, which names where the keys are.
            seconds: how long a fetch may take.
            clock: seconds that only go forward.
        """
        self._url = metadata_url
        self._seconds = seconds
        self._clock = clock
        self._keys: Mapping[str, Key] = {}
        self._fetched = self._tried = float("-inf")
        self._has_failed = False
        self._renewing: asyncio.Task[None] | None = None

    async def get(self, key_id: str) -> Key:
        """Gives a key by its id.

        Raises:
            RefusedTokenError: no such key is published, or it may not sign for Teams.
            KeysAwayError: nobody can say, since the key server is away.
        """
        if self._is_due(key_id) and (self._renewing is None or self._renewing.done()):
            self._renewing = asyncio.create_task(self._renew())
        if self._renewing and not self._renewing.done() and not (key_id in self._keys and self._has_news()):
            # Shielded: who hangs up in the middle must not keep the keys from all others.
            await asyncio.shield(self._renewing)
        key = self._keys.get(key_id)
        if not self._has_news() or (key is None and self._has_failed):
            raise KeysAwayError("the server with the signing keys is away")
        if key is None or MS_TEAMS not in key.endorsements:
            raise RefusedTokenError(Refusal.KEY)
        return key

    def _has_news(self) -> bool:
        return self._clock() - self._fetched < WORTHLESS_SECONDS

    def _is_due(self, key_id: str) -> bool:
        now = self._clock()
        if key_id in self._keys and now - self._fetched < OLD_SECONDS:
            return False
        return now - self._tried >= (PAUSE_SECONDS if self._has_news() else AGAIN_SECONDS)

    async def _renew(self) -> None:
        self._tried, self._has_failed = self._clock(), True
        try:
            async with asyncio.timeout(self._seconds):
                keys = await _published(self._url)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError, RecursionError) as error:
            _log.warning("the keys that Teams signs with could not be fetched: %s", type(error).__name__)
            return
        self._keys, self._fetched, self._has_failed = keys, self._clock(), False


async def _published(url: str) -> Mapping[str, Key]:
    """Fetches the metadata and the keys that it points to; ValueError where they are neither."""
    is_https = url.startswith("https:")
    async with aiohttp.ClientSession(trust_env=is_https) as session:
        keys_url = (await _document(session, url)).get("jwks_uri")
        if not isinstance(keys_url, str) or keys_url.startswith("https:") != is_https:
            raise ValueError("no address of keys")
        listed = (await _document(session, keys_url)).get("keys")
    if not isinstance(listed, list):
        raise ValueError("no keys")
    keys = dict(found for each in listed[:MAX_KEYS] if (found := _key(each)))
    if not keys:
        raise ValueError("no key")
    return keys


async def _document(session: aiohttp.ClientSession, url: str) -> Mapping[str, Any]:
    async with session.get(url, allow_redirects=False) as response:
        if response.status != _OK:
            raise ValueError(f"status {response.status}")
        raw = b""
        while more := await response.content.readany():
            raw += more
            if len(raw) > MAX_BYTES:
                raise ValueError("too large")
    document = json.loads(raw)
    if not isinstance(document, dict):
        raise ValueError("no object")
    return document


def _key(written: object) -> tuple[str, Key] | None:
    """A key under its id; None for what is none that the coach takes."""
    if not isinstance(written, dict) or not isinstance(written.get("kid"), str):
        return None
    if written.get("kty") != "RSA" or written.get("use", "sig") != "sig" or "d" in written:
        return None
    try:
        key = RSAAlgorithm.from_jwk({name: str(written.get(name)) for name in ("kty", "n", "e")})
    except (PyJWTError, ValueError):
        return None
    if not isinstance(key, RSAPublicKey) or key.key_size < MIN_BITS:
        return None
    endorsed = written.get("endorsements")
    names = [each for each in endorsed if isinstance(each, str)] if isinstance(endorsed, list) else []
    return written["kid"], Key(key, frozenset(names))
