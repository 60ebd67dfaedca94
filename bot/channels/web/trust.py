"""Whom the web page serves: same-origin browsers on a loopback name, or whoever holds the token."""

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from aiohttp import web

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
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Server": "field-coach",
}
"""Sent with every response. Trusted Types make a browser refuse innerHTML, should it ever creep into the page."""


async def add_headers(_: web.Request, response: web.StreamResponse) -> None:
    """Adds `HEADERS`; a handler's `on_response_prepare` signal, so that errors carry them too."""
    response.headers.update(HEADERS)
    response.headers.setdefault("Cache-Control", "no-store")


class Gate:
    """Lets a request in or raises the response that turns it away.

    Without a token, only requests to a loopback name pass: a public name that was rebound to 127.0.0.1 (DNS
    rebinding) does not. With a token, the caller shows it as a bearer or holds the cookie that signing in gave.
    Either way a browser's POST must come from the page itself.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token.encode() if token else None

    def admit(self, request: web.Request) -> None:
        """Passes a request that may use the coach.

        Raises:
            web.HTTPForbidden: another site's page sent it, or it names a host that is not this machine.
            web.HTTPUnauthorized: it carries neither the token nor the session cookie.
        """
        self.admit_origin(request)
        if self._token is not None and not self._is_signed_in(request):
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

    def sign_in(self, token: str, response: web.StreamResponse, *, secure: bool) -> None:
        """Gives the session cookie to whoever shows the token; it ends with the browser, or with the token.

        Raises:
            web.HTTPForbidden: `token` is not the coach's.
        """
        if self._token is None:
            return
        if not self._is_token(token):
            raise web.HTTPForbidden(text="That is not the coach's token.")
        response.set_cookie(COOKIE, self._session(), path="/", httponly=True, samesite="Strict", secure=secure)

    def _is_signed_in(self, request: web.Request) -> bool:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._is_token(token.strip()):
            return True
        return hmac.compare_digest(_bytes(request.cookies.get(COOKIE, "")), self._session().encode())

    def _is_token(self, shown: str) -> bool:
        return self._token is not None and hmac.compare_digest(_bytes(shown), self._token)

    def _session(self) -> str:
        """The cookie's value: proof of the token, not the token, and the same after a restart."""
        return hmac.new(self._token or b"", b"field-coach web session", hashlib.sha256).hexdigest()


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
