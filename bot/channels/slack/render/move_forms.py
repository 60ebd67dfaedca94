"""The forms to make a version live, to go back to one and to compare two; and what was filled in."""

from collections.abc import Iterable, Mapping

from bot.channels import version_words
from bot.channels.slack.render.elements import bold, context, paragraph, preformatted, rich_text
from bot.channels.slack.render.message import Block
from bot.channels.slack.render.version_lines import proposal, version_card
from bot.channels.slack.render.views import (
    View,
    chosen_of,
    input_block,
    modal,
    private_of,
    select,
    text_of,
    told,
    typed_text,
)
from bot.channels.split import split
from bot.channels.version_lines import DOT, diff_line, diff_title, state
from bot.core.admin_commands import ActivateVersion, MoveCommand, RollBack
from bot.core.prompts import Act, Proposed, VersionCard, VersionDiff, VersionList

MOVE_FORM, MOVE_CONFIRM, COMPARE_FORM = "move_form", "move_confirm", "compare_form"
"""Callback ids."""
MOVE_REASON_BLOCK, VERSION_BLOCK, SHARE_BLOCK, OLD_BLOCK, NEW_BLOCK = "reason", "version", "share", "old", "new"
"""Ids of the fields: of the block and of its element."""
MAX_REASON = 500
MAX_OPTIONS = 100
SHARES = (1, 5, 10, 25, 50)
EVERYBODY = "100"
SHOWN_OF_DIFF = 2_000
"""Characters of a comparison that stand in the form to confirm."""


def rollback_form(cards: VersionList) -> View:
    """The form to say where to go back to, and why."""
    listed = [card for card in cards.versions if not card.live]
    if not listed:
        return told("Roll back", "There is no other version to go back to.")
    hint = "None chosen: ends the trial under way, else goes back to the version that was live before."
    field = _version_field(listed, optional=True, hint=hint)
    return _move_view("Roll back", "rollback|", [*_now(cards), field])


def activate_form(number: int, cards: VersionList) -> View:
    """The form to say why, and for whom, a version is made live."""
    listed = [card for card in cards.versions if not card.live]
    chosen = next((card for card in cards.versions if card.number == number), None)
    if chosen is None and not listed:
        return told("Versions", "There is no version that could be made live.")
    private = "activate|" if chosen is None else f"activate|{chosen.number}"
    which = [_version_field(listed, optional=False)] if chosen is None else _chosen(chosen, cards)
    return _move_view("Make a version live", private, [*_now(cards), *which, _share_field()])


def move_form_of(view: Mapping[str, object]) -> MoveCommand:
    """What is to be done, as a command; the version 0 where none was chosen that has to be."""
    kind, _, fixed = private_of(view).partition("|")
    number = fixed or chosen_of(view, VERSION_BLOCK)
    note = " ".join(text_of(view, MOVE_REASON_BLOCK).split())
    if kind == "rollback":
        return RollBack(note=note, to=_whole(number))
    share = _whole(chosen_of(view, SHARE_BLOCK))
    return ActivateVersion(number=_whole(number) or 0, note=note, share=None if share == int(EVERYBODY) else share)


def move_confirm(proposed: Proposed, pending: str) -> View:
    """The form that confirms a proposal, which is kept under `pending`."""
    blocks = [*rich_text(*proposal(proposed)), *(_shortened_diff(proposed.diff) if proposed.diff else ())]
    submit = {
        Act.ROLLED_BACK: "Go back",
        Act.TRIAL_STARTED: "Start the trial",
        Act.TRIAL_ENDED: "End the trial",
    }.get(proposed.act, "Make it live")
    return modal("Confirm", blocks, callback_id=MOVE_CONFIRM, submit=submit, private=pending)


def compare_form(cards: VersionList) -> View:
    """The form to choose two versions to compare: to begin with, the live one and the newest other one."""
    if len(cards.versions) < 2:
        return told("Compare versions", "There are no two versions to compare yet.")
    live = next((card for card in cards.versions if card.live), cards.versions[-1])
    newest = next(card for card in cards.versions if card.number != live.number)
    options = _options(cards.versions)
    fields = [
        input_block(OLD_BLOCK, "From", select(options, initial=str(live.number))),
        input_block(NEW_BLOCK, "To", select(options, initial=str(newest.number))),
    ]
    return modal("Compare versions", fields, callback_id=COMPARE_FORM, submit="Compare")


def compare_form_of(view: Mapping[str, object]) -> tuple[int, int] | None:
    """The two versions that were chosen; None when they were not."""
    old, new = _whole(chosen_of(view, OLD_BLOCK)), _whole(chosen_of(view, NEW_BLOCK))
    return None if old is None or new is None else (old, new)


def _move_view(title: str, private: str, blocks: list[Block]) -> View:
    reason = input_block(
        MOVE_REASON_BLOCK, "Reason", typed_text(most=MAX_REASON), hint="It stands in the trail, with your name."
    )
    return modal(title, [*blocks, reason], callback_id=MOVE_FORM, submit="Next", private=private)


def _now(cards: VersionList) -> tuple[Block, ...]:
    """Which version is live, and would be replaced."""
    live = next((card for card in cards.versions if card.live), None)
    on_trial = next((card for card in cards.versions if card.share), None)
    lines = [paragraph(bold("Now: "), f"version {live.number}{state(live, cards.now)}" if live else "none is live")]
    if on_trial:
        lines.append(paragraph(bold("On trial: "), f"version {on_trial.number}, with {on_trial.share}% of the people"))
    return rich_text(*lines)


def _chosen(card: VersionCard, cards: VersionList) -> tuple[Block, ...]:
    return rich_text(*version_card(card, cards.now))


def _version_field(listed: list[VersionCard], *, optional: bool, hint: str = "") -> Block:
    if len(listed) > MAX_OPTIONS:
        hint = f"{hint} Older ones: prompts activate N REASON, rollback N REASON.".strip()
    return input_block(VERSION_BLOCK, "Version", select(_options(listed)), optional=optional, hint=hint)


def _share_field() -> Block:
    shares = [(f"{share}% of the people, as a trial", str(share)) for share in SHARES]
    return input_block(SHARE_BLOCK, "For", select([("Everybody", EVERYBODY), *shares], initial=EVERYBODY))


def _options(cards: Iterable[VersionCard]) -> list[tuple[str, str]]:
    """The newest versions to choose from, as labels and values."""
    return [
        (DOT.join(filter(None, (f"Version {card.number}", version_words.serves(card), card.note))), str(card.number))
        for card in list(cards)[:MAX_OPTIONS]
    ]


def _shortened_diff(diff: VersionDiff) -> tuple[Block, ...]:
    whole = "\n".join(map(diff_line, diff.lines))
    title = paragraph(bold(diff_title(diff)))
    if not whole:
        return rich_text(title)
    shown = split(whole, SHOWN_OF_DIFF)[0]
    blocks = rich_text(title, preformatted(shown))
    if len(shown) == len(whole):
        return blocks
    return (*blocks, context(f"This is only its beginning. All of it: prompts diff {diff.old} {diff.new}"))


def _whole(text: str) -> int | None:
    return int(text) if text.isdecimal() else None
