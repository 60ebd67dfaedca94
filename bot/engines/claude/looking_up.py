"""Whether a key is taken and a model is there: one request that costs nothing."""

from enum import StrEnum, auto
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anthropic import AsyncAnthropic

_NO_SUCH_ADDRESS = frozenset((404, 405, 501))
_BUSY = frozenset((429, 529))


class LookedUp(StrEnum):
    """What came of it."""

    THERE = auto()
    NO_MODEL = auto()
    """The key is taken, and there is no such model for it."""
    NOT_TOLD = auto()
    """A server other than Anthropic's does not say which models it has."""
    KEY_REFUSED = auto()
    NOT_ALLOWED = auto()
    """The key is known, and may not do this."""
    BUSY = auto()
    AWAY = auto()
    """It cannot be reached, or fails itself."""
    STRANGE = auto()
    """What answers is no Messages API."""


async def look_up(client: "AsyncAnthropic", model: str, *, is_foreign: bool) -> LookedUp:
    """Asks the server for a model, once and without a deadline; nothing of what it says is kept."""
    import anthropic
    import httpx2
    from anthropic.types import ModelInfo

    try:
        found: object = await client.models.retrieve(model)
    except anthropic.APIStatusError as error:
        return _refused(error.status_code, is_foreign=is_foreign)
    except (anthropic.APIConnectionError, httpx2.HTTPError):
        return LookedUp.AWAY
    except (anthropic.AnthropicError, ValueError, RecursionError):
        return LookedUp.STRANGE
    return LookedUp.THERE if isinstance(found, ModelInfo) and getattr(found, "id", None) else LookedUp.STRANGE


def _refused(status: int, *, is_foreign: bool) -> LookedUp:
    if status == 401:
        return LookedUp.KEY_REFUSED
    if status == 403:
        return LookedUp.NOT_ALLOWED
    if status in _BUSY:
        return LookedUp.BUSY
    if is_foreign and status in _NO_SUCH_ADDRESS:
        return LookedUp.NOT_TOLD
    if status == 404:
        return LookedUp.NO_MODEL
    return LookedUp.AWAY if status >= 500 else LookedUp.STRANGE
