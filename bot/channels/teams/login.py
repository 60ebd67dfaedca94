"""Requests to Microsoft's login: each with a deadline, which MSAL does not set, and with its status remembered."""

from typing import Any, Protocol


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
