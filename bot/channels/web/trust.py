"""Whom the web page serves: same-origin browsers on a loopback name, or whoever holds the token."""

import hashlib
import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from aiohttp import web

from bot.channels.web.attempts import Attempts
from bot.channels.web.identity import PROGRAM, browser
from bot.core.messages import LOCAL

PERSON = web.RequestKey("person", str)
"""Who sent a request that was admitted."""
COOKIE = "coach_session"
_PORTS = {"http": 80, "https": 443}

HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    ),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Server": "field-coach",
}
"""Sent with every response. Trusted Types make a browser refuse innerHTML, should it ever creep into the page."""
HTTPS_ALONE = "max-age=31536000"
"""Sent where the page came over https: for a year the browser asks for it in no other way."""


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Adds `HEADERS`; a handler's `on_response_prepare` signal, so that errors carry them too."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")
    if is_https(request):
        response.headers["Strict-Transport-Security"] = HTTPS_ALONE


class Gate:
    """Lets a request in or raises the response that turns it away.

    Without a token, only requests to a loopback name pass: a public name that was rebound to 127.0.0.1 (DNS
    rebinding) does not. With a token, the caller shows it as a bearer or holds the cookie that signing in gave.
    Either way a browser's POST must come from the page itself.

    Each browser that signs in is a person of its own; all programs that show the token are one. Neither is `LOCAL`,
    who can be named an admin.
    """

    def __init__(self, token: str | None, attempts: Attempts | None = None) -> None:
        self._token = token.encode() if token else None
        self._attempts = attempts or Attempts()

    def admit(self, request: web.Request) -> str:
        """Gives the person whose request may use the coach.

        Raises:
            web.HTTPForbidden: another site's page sent it, or it names a host that is not this machine.
            web.HTTPUnauthorized: it carries neither the token nor the session cookie.
            web.HTTPTooManyRequests: it carries a token, and too many were wrong lately.
        """
        self.admit_origin(request)
        if self._token is None:
            return LOCAL
        if id_ := self._signed_in(request):
            return browser(id_)
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and shown.strip() and self._is_token(shown.strip()):
            return PROGRAM
        raise web.HTTPUnauthorized(text="Sign in with the coach's token first.")

    def admit_origin(self, request: web.Request) -> None:
        """Passes a request that comes from this server's own page, or from no browser at all.

        Raises:
            web.HTTPForbidden: another site's page sent it, or it names a host that is not this machine.
        """
        host = _authority("http", request.headers.get("Host", ""))
        if self._token is None and (host is None or not is_loopback(host[0])):
            raise web.HTTPForbidden(text="Open the coach by its own address: http://127.0.0.1 and the port.")
        origin = request.headers.get("Origin")
        if request.method == "POST" and origin is not None and not _is_same(origin, request.headers.get("Host", "")):
            raise web.HTTPForbidden(text="Only the coach's own page may send this.")

    def sign_in(self, request: web.Request, token: str, response: web.StreamResponse) -> None:
        """Gives the session cookie to whoever shows the token; it ends with the browser, or with the token.

        A browser that is signed in stays who it is.

        Raises:
            web.HTTPForbidden: `token` is not the coach's.
            web.HTTPTooManyRequests: too many were wrong lately.
        """
        if self._token is None:
            return
        if not self._is_token(token):
            raise web.HTTPForbidden(text="That is not the coach's token.")
        session = self._session(self._signed_in(request) or secrets.token_hex(8))
        response.set_cookie(COOKIE, session, path="/", httponly=True, samesite="Strict", secure=is_https(request))

    def _signed_in(self, request: web.Request) -> str | None:
        """The id in a session cookie of this server's making, else None."""
        shown = request.cookies.get(COOKIE, "")
        id_ = shown.partition(".")[0]
        return id_ if id_ and hmac.compare_digest(_bytes(shown), _bytes(self._session(id_))) else None

    def _is_token(self, shown: str) -> bool:
        if wait := self._attempts.wait():
            raise web.HTTPTooManyRequests(
                text=f"There were too many wrong tokens just now: try again in {wait} seconds.",
                headers={"Retry-After": str(wait)},
            )
        assert self._token is not None  # noqa: S101 - nobody asks otherwise
        is_right = hmac.compare_digest(_bytes(shown), self._token)
        if not is_right:
            self._attempts.fail(shown)
        return is_right

    def _session(self, id_: str) -> str:
        """The cookie's value: an id and proof of the token, not the token; the same in every replica and any time."""
        proof = hmac.new(self._token or b"", b"field-coach web session " + _bytes(id_), hashlib.sha256)
        return f"{id_}.{proof.hexdigest()}"


def is_https(request: web.Request) -> bool:
    """Whether the browser asked over https, as far as this server or the proxy before it knows."""
    return request.secure or request.headers.get("X-Forwarded-Proto", "").startswith("https")


def is_loopback(host: str) -> bool:
    """Whether a host name or address (without brackets) can only be this machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_same(origin: str, host: str) -> bool:
    """Whether an `Origin` header names the host and port that the request went to.

    The scheme is not compared: behind a proxy that ends TLS the page is https and the server is not told.
    """
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    ours = _authority(parts.scheme, host)
    return ours is not None and ours == _authority_of(parts)


def _authority(scheme: str, host: str) -> tuple[str, int | None] | None:
    """A `Host` header as name and port, or None when it is malformed."""
    try:
        return _authority_of(urlsplit(f"{scheme}://{host}"))
    except ValueError:
        return None


def _authority_of(parts: SplitResult) -> tuple[str, int | None] | None:
    try:
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or "@" in parts.netloc or parts.path or parts.query or parts.fragment:
        return None
    return parts.hostname, port or _PORTS.get(parts.scheme)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
