"""The forms to ask, to have a draft reviewed, and to say why one's own words stay; and what was filled in."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.channels.review_words import MAY_BE_SHOWN, NO_NAME, WHY_STAY
from bot.channels.slack.render.elements import bold, paragraph, quote, rich_text
from bot.channels.slack.render.views import View, filled, input_block, modal, option, private_of, text_of, typed_text
from bot.channels.split import shortened
from bot.core.open_reviews import MAX_REASON

ASK_FORM, REVIEW_FORM, KEEP_REASON = "ask_form", "review_form", "keep_reason"
"""Callback ids."""
QUESTION_BLOCK, DRAFT_BLOCK, FILE_BLOCK, REASON_BLOCK, SHOW_BLOCK = "question", "draft", "file", "reason", "show"
"""Ids of the fields: of the block and of its element."""
MAX_TYPED = 3_000
"""Characters that Slack lets a person type into a field."""
FILE_TYPES = ("txt", "md", "eml", "docx", "pdf")
MAY_SHOW = "may_show"
LONGER = "Longer drafts: as a file below, or in a direct message to me."

_MAX_QUOTED = 1_000


@dataclass(frozen=True, slots=True)
class ReviewForm:
    """A draft to review: typed, or as files in Slack's own shape."""

    text: str
    files: tuple[Mapping[str, object], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class KeepReason:
    """Why a writer keeps their words; `place` is -1 where the form does not say of which replacement.

    `may_show` says that the guide's owner may see the words.
    """

    review_id: str
    place: int
    channel: str
    reason: str
    may_show: bool


def ask_form() -> View:
    """The form to ask a question in."""
    typed = typed_text(most=MAX_TYPED, placeholder="What do you want to know, or to say?")
    hint = "The answer comes to your direct messages with the coach."
    return modal(
        "Ask a question",
        [input_block(QUESTION_BLOCK, "Your question", typed, hint=hint)],
        callback_id=ASK_FORM,
        submit="Ask",
    )


def ask_form_of(view: Mapping[str, object]) -> str:
    """The question that was typed."""
    return text_of(view, QUESTION_BLOCK)


def review_form() -> View:
    """The form to have a draft reviewed."""
    file: dict[str, object] = {"type": "file_input", "filetypes": list(FILE_TYPES), "max_files": 1}
    fields = [
        input_block(DRAFT_BLOCK, "Your draft", typed_text(most=MAX_TYPED), hint=LONGER, optional=True),
        input_block(FILE_BLOCK, "Or a file", file, optional=True),
    ]
    return modal("Review a draft", fields, callback_id=REVIEW_FORM, submit="Review")


def review_form_of(view: Mapping[str, object]) -> ReviewForm:
    """The draft that was typed, exactly, and the files."""
    files = filled(view, FILE_BLOCK).get("files")
    listed = files if isinstance(files, list) else ()
    return ReviewForm(text_of(view, DRAFT_BLOCK), tuple(file for file in listed if isinstance(file, Mapping)))


def keep_reason(review_id: str, place: int, words: str, channel: str) -> View:
    """The form to say why one's own `words` stay; `channel` is where the review is shown."""
    agree: dict[str, object] = {
        "type": "checkboxes",
        "options": [option(MAY_BE_SHOWN, MAY_SHOW)],
    }
    blocks = [
        *rich_text(paragraph(bold("Your words")), quote(shortened(words, _MAX_QUOTED))),
        input_block(
            REASON_BLOCK,
            WHY_STAY,
            typed_text(most=MAX_REASON),
            hint=NO_NAME,
            optional=True,
        ),
        input_block(SHOW_BLOCK, "To make the guide better", agree, optional=True),
    ]
    private = f"{channel}|{review_id}|{place}"
    return modal("Keep your words", blocks, callback_id=KEEP_REASON, submit="Keep mine", private=private)


def keep_reason_of(view: Mapping[str, object]) -> KeepReason:
    """Which words stay, and why."""
    channel, _, rest = private_of(view).partition("|")
    review_id, _, place = rest.rpartition("|")
    chosen = filled(view, SHOW_BLOCK).get("selected_options")
    options = chosen if isinstance(chosen, list) else ()
    return KeepReason(
        review_id=review_id,
        place=int(place) if place.isdecimal() else -1,
        channel=channel,
        reason=text_of(view, REASON_BLOCK).strip(),
        may_show=any(isinstance(each, Mapping) and each.get("value") == MAY_SHOW for each in options),
    )
