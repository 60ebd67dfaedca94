"""Why a request is not taken: counted by reason, and told to nobody but who reads the counts."""

from enum import StrEnum


class Refusal(StrEnum):
    """Why a request was not taken."""

    FORM = "form"
    """It is no POST of a JSON activity."""
    SIZE = "size"
    SLOW = "slow"
    """Its body did not come in time."""
    PEER = "peer"
    """It came to the local mode from elsewhere, or may have."""
    NO_TOKEN = "no token"  # noqa: S105
    TOKEN = "token"  # noqa: S105
    """What it carries is no token of the kind that Teams sends."""
    ISSUER = "issuer"
    """Somebody else's token: a skill's, the emulator's, another cloud's."""
    AUDIENCE = "audience"
    """A token for another app."""
    TIME = "time"
    """A token that has expired, or is not valid yet."""
    KEY = "key"
    """Signed with a key that is not published, or not for Teams."""
    SIGNATURE = "signature"
    CHANNEL = "channel"
    """It is not of Teams."""
    SERVICE = "service"
    """It asks for replies at an address that is not Teams', or not the one that was signed."""
    TENANT = "tenant"
    """It is of another tenant, or of none."""
    NOT_READY = "not ready"
    """The coach is not connected yet, or the store or the key server is away; Teams sends it again."""


class RefusedTokenError(PermissionError):
    """Who sent a request is not who may; `reason` says why. The SDK answers a PermissionError with 401."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(f"refused: {reason.value}")
        self.reason = reason


class KeysAwayError(Exception):
    """The server that publishes the signing keys cannot be reached: nobody knows yet whether a token is right."""
