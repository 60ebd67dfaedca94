"""Views that only tell something, and what every form is built of."""

from collections.abc import Mapping, Sequence

from bot.channels.slack.render.elements import Element, context, plain_text, text_blocks
from bot.channels.slack.render.message import Block
from bot.channels.slack.render.small import refused_messages
from bot.channels.slack.render.versions import versions_messages
from bot.channels.slack.render.view_size import MAX_BLOCKS, MAX_BYTES, size
from bot.core.prompts import PromptReply
from bot.core.replies import Refused

View = dict[str, object]
"""A modal as plain JSON values."""

MAX_TITLE = 24
MAX_LABEL = 75
"""Of a button of a form, Slack's limit being 24, and of an option."""
REST = "There is more than this view can show: write the command to me in a direct message to see all of it."


def text_view(title: str, blocks: Sequence[Block]) -> View:
    """A view that shows blocks; where they are too much for it, it says so."""
    return modal(title, _fitting(blocks), close="Close")


def told(title: str, text: str) -> View:
    """A view that tells something."""
    return text_view(title, text_blocks(text))


def waiting(title: str, text: str) -> View:
    """A view that is there while something is made, to be replaced by it."""
    return text_view(title, (*text_blocks(text), context("You can close this: what comes of it is sent to you.")))


def reply_view(title: str, reply: PromptReply | Refused) -> View:
    """A view that shows a reply about versions."""
    shown = refused_messages(reply) if isinstance(reply, Refused) else versions_messages(reply, None)
    return text_view(title, [block for message in shown for block in message.blocks])


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback_id: str = "",
    submit: str = "",
    close: str = "Cancel",
    private: str = "",
) -> View:
    """A view; `private` comes back with what is filled in."""
    made: View = {
        "type": "modal",
        "title": plain_text(title, MAX_TITLE),
        "close": plain_text(close, MAX_TITLE),
        "blocks": list(blocks),
    }
    return {
        **made,
        **({"callback_id": callback_id} if callback_id else {}),
        **({"submit": plain_text(submit, MAX_TITLE)} if submit else {}),
        **({"private_metadata": private} if private else {}),
    }


def input_block(block_id: str, label: str, element: Element, *, hint: str = "", optional: bool = False) -> Block:
    """A field of a form; its element has the block's id too."""
    made: dict[str, object] = {
        "type": "input",
        "block_id": block_id,
        "label": plain_text(label),
        "element": {**element, "action_id": block_id},
        "optional": optional,
    }
    return {**made, "hint": plain_text(hint)} if hint else made


def typed_text(*, most: int, lines: bool = True, initial: str = "", placeholder: str = "") -> Element:
    """A field to type in, of several `lines` or one, at most `most` characters."""
    made: dict[str, object] = {"type": "plain_text_input", "multiline": lines, "max_length": most}
    return {
        **made,
        **({"initial_value": initial} if initial else {}),
        **({"placeholder": plain_text(placeholder, MAX_LABEL)} if placeholder else {}),
    }


def select(options: Sequence[tuple[str, str]], *, initial: str = "") -> Element:
    """A menu of labels and values; `initial` is the value that is chosen to begin with."""
    listed = [option(label, value) for label, value in options]
    chosen = [each for each in listed if each["value"] == initial]
    made: dict[str, object] = {"type": "static_select", "options": listed}
    return {**made, "initial_option": chosen[0]} if chosen else made


def option(label: str, value: str) -> Element:
    """What can be chosen."""
    return {"text": plain_text(label, MAX_LABEL), "value": value}


def filled(view: Mapping[str, object], block_id: str) -> Mapping[str, object]:
    """What a sent form holds in the field `block_id`; empty where there is nothing."""
    found: object = view
    for name in ("state", "values", block_id, block_id):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def text_of(view: Mapping[str, object], block_id: str) -> str:
    """What was typed into a field."""
    value = filled(view, block_id).get("value")
    return value if isinstance(value, str) else ""


def chosen_of(view: Mapping[str, object], block_id: str) -> str:
    """The value that was chosen in a menu."""
    chosen = filled(view, block_id).get("selected_option")
    value = chosen.get("value") if isinstance(chosen, Mapping) else None
    return value if isinstance(value, str) else ""


def private_of(view: Mapping[str, object]) -> str:
    """What `modal` was given as `private`."""
    private = view.get("private_metadata")
    return private if isinstance(private, str) else ""


def _fitting(blocks: Sequence[Block]) -> list[Block]:
    fitting: list[Block] = []
    room = MAX_BYTES
    for block in blocks:
        room -= size((block,))
        if room < 0 or (len(fitting) == MAX_BLOCKS - 1 and len(blocks) > MAX_BLOCKS):
            return [*fitting, *text_blocks(REST)]
        fitting.append(block)
    return fitting
