"""What a token says of itself, checked before anybody is asked whether it is signed."""

import base64
import json
import re
from collections.abc import Mapping
from typing import Any

from bot.channels.teams.refusals import Refusal, RefusedTokenError

LEEWAY_SECONDS = 300
"""How far clocks may differ, as Microsoft has it."""
MAX_TOKEN = 6_000
"""Characters; Teams' have about a thousand."""

_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)")
_KEY_ID = re.compile(r"[!-~]{1,200}")
_LAST_SECOND = 1 << 40
_TAKERS = ("appid", "azp")
"""Claims that name the app a token was given to: in a skill's or the emulator's, another one."""

Claims = Mapping[str, Any]


def claims_of(authorization: str, *, app_id: str, issuer: str, now: float) -> Claims:
    """Gives the claims of a bearer token that would be right if it were signed.

    Args:
        authorization: the header's value.
        app_id: whom the token must be for.
        issuer: who must have made it.
        now: seconds since 1970.

    Raises:
        RefusedTokenError: it would not be.
    """
    if not authorization:
        raise RefusedTokenError(Refusal.NO_TOKEN)
    found = _BEARER.fullmatch(authorization) if len(authorization) <= MAX_TOKEN else None
    if found is None:
        raise RefusedTokenError(Refusal.TOKEN)
    header, claims = _object(found[1]), _object(found[2])
    key_id = header.get("kid")
    if header.get("alg") != "RS256" or "crit" in header or not isinstance(key_id, str) or not _KEY_ID.fullmatch(key_id):
        raise RefusedTokenError(Refusal.TOKEN)
    if claims.get("iss") != issuer or any(claims.get(name, app_id) != app_id for name in _TAKERS):
        raise RefusedTokenError(Refusal.ISSUER)
    if claims.get("aud") != app_id:
        raise RefusedTokenError(Refusal.AUDIENCE)
    ends, begins = _second(claims.get("exp")), _second(claims.get("nbf", 0))
    if ends <= now - LEEWAY_SECONDS or begins > now + LEEWAY_SECONDS:
        raise RefusedTokenError(Refusal.TIME)
    return claims


def _second(value: object) -> float:
    """A time of a claim."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _LAST_SECOND:
        raise RefusedTokenError(Refusal.TIME)
    return value


def _object(part: str) -> Mapping[str, Any]:
    """A part of a token read as the JSON object that it must be."""
    try:
        found = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise RefusedTokenError(Refusal.TOKEN) from None
    if not isinstance(found, dict):
        raise RefusedTokenError(Refusal.TOKEN)
    return found
