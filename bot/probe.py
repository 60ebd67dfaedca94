"""Whether the coach that is served here is ready: a container's health check, `python -m bot.probe`.

It imports next to nothing, since it runs every few seconds beside the coach.
"""

import os
import sys
from http.client import HTTPConnection, HTTPException

TIMEOUT_SECONDS = 8.0
_EVERY_ADDRESS = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound
_SHOWN = 500


def probe(host: str, port: int, *, timeout: float = TIMEOUT_SECONDS) -> str | None:
    """Gives None when the coach at this address is ready, else why not, in one line."""
    connection = HTTPConnection(_EVERY_ADDRESS.get(host, host), port, timeout=timeout)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        said = " ".join(response.read(_SHOWN).decode("utf-8", "replace").split())
    except (OSError, HTTPException) as error:
        return f"no answer from {host}:{port}: {error or type(error).__name__}"
    finally:
        connection.close()
    return None if response.status == 200 else said or f"status {response.status}"


def main() -> int:
    """Probes where COACH_HOST and COACH_PORT say that the coach listens; 0 when it is ready, else 1."""
    try:
        fault = probe(os.environ.get("COACH_HOST") or "127.0.0.1", int(os.environ.get("COACH_PORT") or 8080))
    except ValueError as error:
        fault = f"COACH_PORT: {error}"
    sys.stdout.write(f"{fault or 'ready'}\n")
    return 1 if fault else 0


if __name__ == "__main__":
    sys.exit(main())
