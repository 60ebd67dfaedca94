"""Tokens as somebody would make them who has no key."""

import base64
import hashlib
import hmac
import json

from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256

from tests.teams.key_server import KEY, claims, private_key, public_pem

HEADER = {"alg": "RS256", "typ": "JWT", "kid": KEY}


def part(value: object) -> str:
    """A part of a token."""
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: object, payload: object) -> str:
    """Any two parts, signed with the right key."""
    text = f"{part(header)}.{part(payload)}"
    return f"{text}.{part(private_key().sign(text.encode(), padding.PKCS1v15(), SHA256()))}"


def with_public_key() -> str:
    """The public key used as if it were a secret that both sides share."""
    text = f"{part({**HEADER, 'alg': 'HS256'})}.{part(claims())}"
    return f"{text}.{part(hmac.new(public_pem(), text.encode(), hashlib.sha256).digest())}"


def unsigned(alg: str = "none", *, signature: str = "") -> str:
    """A token that says it needs no signature."""
    return f"{part({**HEADER, 'alg': alg})}.{part(claims())}.{signature}"
