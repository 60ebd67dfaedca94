"""What Slack would refuse in a list of blocks, in its own words: `faults`."""

from collections.abc import Iterator, Sequence

from tests.slack.loopback.layout_rules import BLOCKS, MARKDOWN_MOST
from tests.slack.loopback.rule_walk import Surface, Walk

BLOCKS_MOST: dict[Surface, int] = {"message": 50, "modal": 100, "home": 100}
MESSAGE_BLOCKS_TEXT_MOST = 13_200
"""How much text all blocks of a message may hold together; Slack answers `msg_blocks_too_long` above it."""


def faults(blocks: object, surface: Surface, at: str = "/blocks") -> list[str]:
    """Gives Slack's complaints about `blocks`, as `response_metadata.messages` has them; none if it takes them."""
    walk = Walk(surface)
    if not isinstance(blocks, Sequence) or isinstance(blocks, str):
        walk.fault(at, "must provide an array")
        return walk.found
    if len(blocks) > BLOCKS_MOST[surface]:
        walk.fault(at, f"no more than {BLOCKS_MOST[surface]} items allowed")
    for number, block in enumerate(blocks):
        BLOCKS[surface](walk, block, f"{at}/{number}")
    _ids_differ(walk, blocks, at)
    markdown = sum(len(str(block.get("text", ""))) for block in _of_type(blocks, "markdown"))
    if markdown > MARKDOWN_MOST:
        walk.fault(at, f"markdown blocks must be less than {MARKDOWN_MOST + 1} characters together")
    if len(list(_of_type(blocks, "table"))) > 1:
        walk.fault(at, "only one table allowed")
    return walk.found


def text_total(blocks: object) -> int:
    """How many characters of text the blocks hold."""
    if isinstance(blocks, dict):
        return sum(
            len(value) if key in ("text", "fallback") and isinstance(value, str) else text_total(value)
            for key, value in blocks.items()
        )
    if isinstance(blocks, list | tuple):
        return sum(map(text_total, blocks))
    return 0


def _of_type(blocks: Sequence[object], type_: str) -> Iterator[dict[str, object]]:
    return (block for block in blocks if isinstance(block, dict) and block.get("type") == type_)


def _ids_differ(walk: Walk, blocks: Sequence[object], at: str) -> None:
    seen = set()
    for number, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if isinstance(block_id, str):
            if block_id in seen:
                walk.fault(f"{at}/{number}/block_id", f'`block_id` "{block_id}" already exists')
            seen.add(block_id)
