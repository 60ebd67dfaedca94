"""Blocks as a reader reads them: one text, and what in it really pings or links."""

from collections.abc import Iterator, Sequence

from tests.slack.loopback.mrkdwn import markdown_pings, mrkdwn_pings, plain_markdown, plain_mrkdwn
from tests.slack.loopback.workspace import Json, Workspace


class Flattener:
    """Reads blocks in one workspace, whose names it shows."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def blocks(self, blocks: Sequence[Json]) -> str:
        return "\n".join(line for block in blocks for line in self._block(block))

    def pings(self, blocks: object) -> Iterator[str]:
        """Every mention and link in blocks, in order."""
        if isinstance(blocks, list):
            for each in blocks:
                yield from self.pings(each)
        elif isinstance(blocks, dict):
            yield from _own_pings(blocks)
            for key, value in blocks.items():
                if key not in ("style", "confirm", "metadata"):
                    yield from self.pings(value)

    def text(self, value: Json) -> str:
        """A text object; plain text stands as it was sent."""
        if value.get("type") == "mrkdwn":
            return plain_mrkdwn(self._workspace, value["text"])
        return str(value.get("text", ""))

    def _block(self, block: Json) -> Iterator[str]:
        kind = block["type"]
        if kind == "rich_text":
            yield from self._rich(block["elements"])
        elif kind == "markdown":
            yield plain_markdown(self._workspace, block["text"])
        elif kind == "input":
            yield self.text(block["label"])
            yield from self._element(block["element"])
            if "hint" in block:
                yield self.text(block["hint"])
        elif kind == "image":
            yield f"[{block['alt_text']}]"
        elif kind == "table":
            yield from self._table(block)
        else:
            yield from self._plain_block(block)

    def _table(self, block: Json) -> Iterator[str]:
        for row in block["rows"]:
            yield " | ".join(self.blocks([cell]) if cell["type"] == "rich_text" else cell["text"] for cell in row)

    def _plain_block(self, block: Json) -> Iterator[str]:
        if "text" in block:
            yield self.text(block["text"])
        for each in [*block.get("fields", ()), *block.get("elements", ())]:
            yield from self._element(each)
        if "accessory" in block:
            yield from self._element(block["accessory"])

    def _element(self, element: Json) -> Iterator[str]:
        kind = element["type"]
        if kind in ("mrkdwn", "plain_text"):
            yield self.text(element)
        elif kind == "feedback_buttons":
            for side in ("positive_button", "negative_button"):
                yield f"[{self.text(element[side]['text'])}]"
        elif kind in ("button", "icon_button"):
            yield f"[{self.text(element['text'])}]"
        elif kind == "image":
            yield f"[{element['alt_text']}]"
        elif kind in ("radio_buttons", "checkboxes", "overflow", "static_select"):
            for option in element.get("options", ()):
                yield f"({self.text(option['text'])})"
                if "description" in option:
                    yield self.text(option["description"])
        elif element.get("initial_value"):
            yield str(element["initial_value"])

    def _rich(self, elements: Sequence[Json]) -> Iterator[str]:
        for each in elements:
            if each["type"] == "rich_text_list":
                first = 1 + int(each.get("offset", 0))
                for number, item in enumerate(each["elements"], first):
                    lead = "• " if each["style"] == "bullet" else f"{number}. "
                    yield "  " * int(each.get("indent", 0)) + lead + self._inline(item["elements"])
            else:
                yield self._inline(each["elements"])

    def _inline(self, elements: Sequence[Json]) -> str:
        return "".join(map(self._piece, elements))

    def _piece(self, piece: Json) -> str:
        kind = piece["type"]
        if kind == "link":
            return str(piece.get("text") or piece["url"])
        if kind == "user":
            user = self._workspace.users.get(piece["user_id"])
            return f"@{user.name if user else piece['user_id']}"
        if kind == "channel":
            channel = self._workspace.channels.get(piece["channel_id"])
            return f"#{channel.name if channel else piece['channel_id']}"
        if kind == "usergroup":
            return f"@{piece['usergroup_id']}"
        if kind == "broadcast":
            return f"@{piece['range']}"
        if kind == "emoji":
            return f":{piece['name']}:"
        return str(piece.get("text") or piece.get("fallback") or piece.get("value") or "")


def _own_pings(value: Json) -> Iterator[str]:
    """What a block, element or text object pings by itself."""
    kind = value.get("type")
    if kind == "mrkdwn":
        yield from mrkdwn_pings(str(value.get("text", "")))
    elif kind == "markdown":
        yield from markdown_pings(str(value.get("text", "")))
    elif kind == "user" and "user_id" in value:
        yield f"<@{value['user_id']}>"
    elif kind == "usergroup":
        yield f"<!subteam^{value['usergroup_id']}>"
    elif kind == "broadcast":
        yield f"<!{value['range']}>"
    elif kind == "channel" and "channel_id" in value:
        yield f"<#{value['channel_id']}>"
    elif isinstance(value.get("url"), str) and kind in ("link", "button"):
        yield value["url"]
