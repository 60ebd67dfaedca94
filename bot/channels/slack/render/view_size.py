"""How much a modal or the App Home holds."""

import json
from collections.abc import Sequence

from bot.channels.slack.render.message import Block

MAX_BLOCKS = 100
MAX_BYTES = 200_000
"""Of its blocks as JSON; Slack takes 250 kB of the whole view."""


def size(blocks: Sequence[Block]) -> int:
    """The bytes of blocks as they are sent."""
    return len(json.dumps(list(blocks)))
