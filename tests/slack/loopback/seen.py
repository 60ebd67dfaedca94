"""A message as the person before it sees it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.slack.loopback.flatten import Flattener
from tests.slack.loopback.mrkdwn import markdown_pings, mrkdwn_pings, plain_markdown, plain_mrkdwn
from tests.slack.loopback.workspace import Json, Message, StoredFile, Workspace


@dataclass(frozen=True, slots=True)
class Seen:
    """A message on the screen.

    `plain` is its visible text with the marks of formatting gone, `pings` what in it really mentions or links,
    `text` the fallback that a notification shows. `streaming` is set while it still grows, `broken` where Slack gave
    it up on the way. What was streamed is `streamed`, above `blocks`.
    """

    ts: str
    author: str
    text: str
    blocks: list[Json]
    files: list[StoredFile]
    ephemeral: bool
    streaming: bool
    edited: bool
    metadata: Json | None
    plain: str
    pings: list[str]
    thread_ts: str | None = None
    streamed: str = ""
    broken: bool = False

    @property
    def elements(self) -> list[Json]:
        """Everything that can be clicked, in order."""
        return list(interactive(self.blocks))

    @property
    def actions(self) -> list[tuple[str, str]]:
        """(action_id, value) of everything that can be clicked."""
        return [(str(each.get("action_id")), str(each.get("value", ""))) for each in self.elements]


@dataclass(slots=True)
class Eyes:
    """Sees messages; what has not changed is not read anew."""

    workspace: Workspace
    _known: dict[tuple[str, str], tuple[int, Seen]] = field(default_factory=dict)

    def see(self, message: Message) -> Seen:
        key = (message.channel, message.ts)
        known = self._known.get(key)
        if known is None or known[0] != message.revision:
            known = (message.revision, self._read(message))
            self._known[key] = known
        return known[1]

    def text(self, blocks: list[Json]) -> str:
        """Blocks as they are read."""
        return Flattener(self.workspace).blocks(blocks)

    def pings(self, blocks: list[Json]) -> list[str]:
        """What blocks mention or link."""
        return list(dict.fromkeys(Flattener(self.workspace).pings(blocks)))

    def _read(self, message: Message) -> Seen:
        flatten = Flattener(self.workspace)
        parts, pings = [], list(flatten.pings(message.blocks))
        if message.streamed:
            parts.append(plain_markdown(self.workspace, message.streamed))
            pings += markdown_pings(message.streamed)
        if message.blocks:
            parts.append(flatten.blocks(message.blocks))
            pings += [each for each in mrkdwn_pings(message.text) if each.startswith("<")]
        elif not message.streamed and message.text:
            parts.append(plain_mrkdwn(self.workspace, message.text))
            pings += mrkdwn_pings(message.text)
        return Seen(
            ts=message.ts,
            author=message.user,
            text=message.text,
            blocks=message.blocks,
            files=list(message.files),
            ephemeral=message.ephemeral_for is not None,
            streaming=message.streaming,
            edited=message.edited,
            metadata=message.metadata,
            plain="\n".join(parts),
            pings=list(dict.fromkeys(pings)),
            thread_ts=message.thread_ts,
            streamed=message.streamed,
            broken=message.broken,
        )


def interactive(value: object) -> Iterator[Json]:
    """Elements with an action, in order."""
    if isinstance(value, list):
        for each in value:
            yield from interactive(each)
    elif isinstance(value, dict):
        if "action_id" in value and "type" in value:
            yield value
        for key in ("elements", "element", "accessory"):
            if key in value:
                yield from interactive(value[key])
