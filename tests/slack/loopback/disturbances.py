"""What can be made to go wrong: scripted faults, and Slack's rate limits."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.slack.loopback.workspace import Json

_MINUTE = 60.0


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method.

    It answers `status`, or `error`, or 429 with `retry_after` seconds. `hang` makes it wait before that, or before it
    does what it was asked for if nothing else is given. `drop` does the act and breaks the connection unanswered.
    """

    times: int = 1
    status: int | None = None
    error: str | None = None
    hang: float = 0.0
    drop: bool = False
    retry_after: float | None = None


@dataclass(slots=True)
class Faults:
    """The script, method by method."""

    _script: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))

    def add(self, method: str, fault: Fault) -> None:
        self._script[method].append(fault)

    def next(self, method: str) -> Fault | None:
        script = self._script.get(method)
        if not script:
            return None
        fault = script[0]
        fault.times -= 1
        if fault.times <= 0:
            script.popleft()
        return fault

    def clear(self) -> None:
        self._script.clear()


@dataclass(slots=True)
class Limits:
    """Slack's rate limits, off unless `on`: a post a second and channel after a `burst`, others calls a minute."""

    on: bool = False
    burst: int = 3
    posts_a_second: float = 1.0
    a_minute: dict[str, int] = field(
        default_factory=lambda: {
            "chat.startStream": 20,
            "chat.stopStream": 20,
            "chat.appendStream": 100,
            "chat.update": 50,
            "views.open": 100,
            "views.publish": 100,
        }
    )
    _posts: dict[str, tuple[float, float]] = field(default_factory=dict)
    _calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))

    def wait(self, method: str, given: Json, now: Callable[[], float]) -> float:
        """Gives the seconds to come back in, 0 if the call may be made."""
        if not self.on:
            return 0.0
        if method in ("chat.postMessage", "chat.postEphemeral"):
            return self._post(str(given.get("channel")), now())
        most = self.a_minute.get(method)
        return 0.0 if most is None else self._call(method, most, now())

    def _post(self, channel: str, now: float) -> float:
        level, at = self._posts.get(channel, (float(self.burst), now))
        level = min(float(self.burst), level + (now - at) * self.posts_a_second)
        if level < 1.0:
            self._posts[channel] = (level, now)
            return (1.0 - level) / self.posts_a_second
        self._posts[channel] = (level - 1.0, now)
        return 0.0

    def _call(self, method: str, most: int, now: float) -> float:
        calls = self._calls[method]
        while calls and calls[0] <= now - _MINUTE:
            calls.popleft()
        if len(calls) >= most:
            return calls[0] + _MINUTE - now
        calls.append(now)
        return 0.0
