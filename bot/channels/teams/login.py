"""Requests to Microsoft's login, each with a deadline, which MSAL does not set; and what its refusals come to."""

import re
from collections.abc import Mapping
from typing import Any, Protocol

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_AADSTS = re.compile(r"AADSTS\d{1,10}")
_PASSING = frozenset({"temporarily_unavailable", "server_error", "timeout"})

Grant = Mapping[str, Any]
"""What MSAL makes of an answer: a token, or an error."""


class LoginHttp(Protocol):
    """What sends a request and gives the answer; a `requests.Session` does."""

    def get(self, url: str, **asked: Any) -> Any:  # noqa: ANN401 - as MSAL has it
        """Gets what is at an address."""

    def post(self, url: str, **asked: Any) -> Any:  # noqa: ANN401
        """Posts a form to an address."""

    def close(self) -> None:
        """Lets go of connections."""


class WatchedHttp:
    """Sends MSAL's requests; `status` is that of the last answer, 0 while there is none."""

    def __init__(self, http: LoginHttp, *, seconds: float) -> None:
        self._http = http
        self._seconds = seconds
        self.status = 0

    def get(self, url: str, **asked: Any) -> Any:  # noqa: ANN401
        """Gets what is at an address."""
        return self._seen(self._http.get, url, asked)

    def post(self, url: str, **asked: Any) -> Any:  # noqa: ANN401
        """Posts a form to an address."""
        return self._seen(self._http.post, url, asked)

    def close(self) -> None:
        """Lets go of connections."""
        self._http.close()

    def _seen(self, send: Any, url: str, asked: dict[str, Any]) -> Any:  # noqa: ANN401
        self.status = 0
        answer = send(url, **({"timeout": self._seconds, "allow_redirects": False} | asked))
        self.status = answer.status_code
        return answer


def codes_of(grant: Grant) -> str:
    """What an answer without a token says: its codes alone, never the words around them."""
    code = str(grant.get("error"))
    named = _AADSTS.search(str(grant.get("error_description")))
    return " ".join([code if _CODE.fullmatch(code) else "refused", *([named.group()] if named else [])])


def is_final(status: int, grant: Grant | None = None) -> bool:
    """Whether an answer will be the same tomorrow; a machine says 404 or 410 while it gets its identity."""
    passes = grant is not None and grant.get("error") in _PASSING
    return not passes and 400 <= status < 500 and status not in (404, 408, 410, 429)
