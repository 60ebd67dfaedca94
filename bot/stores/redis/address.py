"""A server's address as it may be shown: host and port, never the login."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from bot.core.state import StoreAwayError


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: `name` is for people to read, `password` is what no message may hold."""

    name: str
    password: str | None

    def line(self, reason: object) -> str:
        """Gives one line that says what is the matter with this server."""
        text = " ".join(str(reason).split())
        # Servers do not repeat passwords; proxies in front of them have been seen to.
        return f"{self.name}: {text.replace(self.password, '***') if self.password else text}"


def read_address(url: str) -> Address:
    """Reads the address out of a Redis URL.

    Raises:
        StoreAwayError: it is none. The line does not repeat the URL, for the password would be in it.
    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise StoreAwayError("REDIS_URL cannot be read: write redis://host:6379/0") from None
    password = unquote(parts.password) if parts.password else None
    if parts.scheme == "unix" and parts.path:
        return Address(f"redis at {parts.path}", password)
    if parts.scheme not in ("redis", "rediss") or not host:
        raise StoreAwayError("REDIS_URL is no address of a Redis server: write redis://host:6379/0")
    return Address(f"redis at {f'[{host}]' if ':' in host else host}:{port or 6379}", password)
