import json
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.render import draft_forms, move_forms, views
from bot.channels.slack.render.draft_forms import KeepReason, ReviewForm
from bot.channels.slack.render.elements import divider, text_blocks
from bot.core.admin_commands import ActivateVersion, MoveCommand, RollBack
from bot.core.prompts import Act, PromptReply, Proposed, VersionDiff, VersionList
from bot.core.replies import Refused
from tests.slack.loopback.flatten import Flattener
from tests.slack.loopback.view_rules import view_faults
from tests.slack.loopback.workspace import Workspace
from tests.slack.rendering import nasty_texts
from tests.slack.test_render_home import MAX_BYTES, blocks_of, shown_of
from tests.slack.test_render_versions import lists, notes, proposals, replies
from tests.terminal.version_replies import DIFF, LIST, NOW, PROPOSED, TEXT, card

ID = "slack:T1/D1/1700000000.000100"
View = dict[str, object]


def check_view(view: View) -> None:
    """Slack takes the view as it is, and nobody is pinged by it."""
    assert view_faults(view, "modal") == []
    assert list(Flattener(Workspace()).pings(view["blocks"])) == []
    assert len(json.dumps(view)) <= MAX_BYTES


def filled_in(view: Mapping[str, object], **values: object) -> View:
    """What Slack sends of a form, each field given as its element's state."""
    state = {"values": {name: {name: value} for name, value in values.items()}}
    return {**view, "state": state}


def typed(text: str | None) -> View:
    return {"type": "plain_text_input", "value": text}


def picked(value: str | None) -> View:
    return {"type": "static_select", "selected_option": value and {"value": value}}


def element_of(view: Mapping[str, object], block_id: str) -> Mapping[str, object]:
    (block,) = (block for block in blocks_of(view) if block.get("block_id") == block_id)
    element = block["element"]
    assert isinstance(element, dict)
    return element


def submit_of(view: Mapping[str, object]) -> object:
    submit = view["submit"]
    assert isinstance(submit, dict)
    return submit["text"]


@given(nasty_texts, nasty_texts)
def test_any_form_for_a_draft_is_within_slacks_limits(text: str, note: str) -> None:
    for view in (
        draft_forms.review_form(),
        draft_forms.ask_form(),
        draft_forms.keep_reason(ID, 3, text, "D1"),
        views.told(note, text),
        views.waiting(note, text),
    ):
        check_view(view)


@given(replies, nasty_texts, lists, st.integers(1, 9), proposals)
def test_any_view_of_versions_is_within_slacks_limits(
    reply: PromptReply, title: str, cards: VersionList, number: int, proposed: Proposed
) -> None:
    # Numbers of versions differ; those that hypothesis makes may not.
    cards = replace(cards, versions=tuple({each.number: each for each in cards.versions}.values()))
    check_view(views.reply_view(title, reply))
    check_view(views.reply_view(title, Refused(title)))
    check_view(move_forms.rollback_form(cards))
    check_view(move_forms.activate_form(number, cards))
    check_view(move_forms.compare_form(cards))
    check_view(move_forms.move_confirm(proposed, "move-1"))


def test_a_view_that_cannot_show_all_says_so() -> None:
    view = views.text_view("Much", (divider(),) * 101)
    check_view(view)
    assert len(blocks_of(view)) == 100
    assert "There is more than this view can show" in shown_of(view)
    assert "There is more" not in shown_of(views.text_view("Much", (divider(),) * 100))
    long = views.text_view("Long", [block for _ in range(20) for block in text_blocks("\N{HONEYBEE}" * 3_000)])
    check_view(long)
    assert "There is more than this view can show" in shown_of(long)


def test_the_draft_is_read_as_it_was_typed_with_its_file() -> None:
    form = draft_forms.review_form()
    file = {"id": "F1", "name": "mail.eml", "url_private_download": "https://files.example/F1"}
    view = filled_in(form, draft=typed(" It never\nleaks. "), file={"type": "file_input", "files": [file]})
    assert draft_forms.review_form_of(view) == ReviewForm(" It never\nleaks. ", (file,))


def test_a_question_is_read_as_it_was_typed() -> None:
    assert draft_forms.ask_form_of(filled_in(draft_forms.ask_form(), question=typed("What leaks?"))) == "What leaks?"


def test_the_reason_to_keep_words_comes_with_what_it_is_about() -> None:
    form = draft_forms.keep_reason(ID, 3, "It never leaks.", "D1")
    assert "It never leaks." in shown_of(form)
    assert "initial_options" not in element_of(form, draft_forms.SHOW_BLOCK)
    agreed = {"type": "checkboxes", "selected_options": [{"value": "may_show"}]}
    assert draft_forms.keep_reason_of(filled_in(form, reason=typed(" A quote. "), show=agreed)) == KeepReason(
        review_id=ID, place=3, channel="D1", reason="A quote.", may_show=True
    )


def test_nothing_may_be_shown_unless_it_is_said() -> None:
    form = draft_forms.keep_reason(ID, 0, "It never leaks.", "D1")
    unsaid = {"type": "checkboxes", "selected_options": list[object]()}
    read = draft_forms.keep_reason_of(filled_in(form, reason=typed(None), show=unsaid))
    assert read == KeepReason(review_id=ID, place=0, channel="D1", reason="", may_show=False)


@pytest.mark.parametrize(
    "view", [{}, {"state": None}, {"state": {"values": {}}, "private_metadata": None}, {"state": {"values": {"a": 1}}}]
)
def test_a_form_that_lacks_everything_is_read_as_empty(view: View) -> None:
    assert draft_forms.review_form_of(view) == ReviewForm("", ())
    assert draft_forms.ask_form_of(view) == ""
    assert draft_forms.keep_reason_of(view) == KeepReason("", -1, "", "", may_show=False)
    assert move_forms.move_form_of(view) == ActivateVersion(0, "")
    assert move_forms.compare_form_of(view) is None


def test_a_version_is_made_live_with_a_reason_and_a_share() -> None:
    form = move_forms.activate_form(1, LIST)
    shown = shown_of(form)
    assert "Now: version 3, live since 2026-03-04 10:00 UTC (2 h ago), by slack:T1/U1" in shown
    assert "On trial: version 4, with 10% of the people" in shown
    assert "Version 1" in shown
    view = filled_in(form, reason=typed("Shorter\n answers."), share=picked("10"))
    assert move_forms.move_form_of(view) == ActivateVersion(1, "Shorter answers.", share=10)
    everybody = filled_in(form, reason=typed("Shorter"), share=picked("100"))
    assert move_forms.move_form_of(everybody) == ActivateVersion(1, "Shorter", share=None)


@pytest.mark.parametrize(
    ("version", "command"), [("1", RollBack("Wrong tone.", to=1)), (None, RollBack("Wrong tone.", to=None))]
)
def test_one_may_go_back_to_a_version_or_to_the_one_before(version: str | None, command: MoveCommand) -> None:
    form = move_forms.rollback_form(LIST)
    options = element_of(form, move_forms.VERSION_BLOCK)["options"]
    assert isinstance(options, list)
    assert [option["value"] for option in options] == ["4", "1"]
    view = filled_in(form, reason=typed("Wrong tone."), version=picked(version))
    assert move_forms.move_form_of(view) == command


def test_a_version_that_is_not_there_is_to_be_chosen() -> None:
    view = filled_in(move_forms.activate_form(99, LIST), reason=typed("So."), version=picked("4"))
    assert move_forms.move_form_of(view) == ActivateVersion(4, "So.")


def test_older_versions_than_a_menu_holds_are_named_in_words() -> None:
    many = VersionList(tuple(card(number) for number in range(150, 0, -1)), NOW)
    form = move_forms.rollback_form(many)
    check_view(form)
    assert "Older ones: prompts activate N REASON" in shown_of(form)
    check_view(move_forms.compare_form(replace(many, versions=(*many.versions[:-1], card(1, live=True)))))


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (Act.ACTIVATED, "Make it live"),
        (Act.ROLLED_BACK, "Go back"),
        (Act.TRIAL_STARTED, "Start the trial"),
        (Act.TRIAL_ENDED, "End the trial"),
    ],
)
def test_what_is_confirmed_is_said_with_what_it_replaces(act: Act, said: str) -> None:
    view = move_forms.move_confirm(replace(PROPOSED, act=act, share=10), "move-1")
    check_view(view)
    assert view["private_metadata"] == "move-1"
    assert submit_of(view) == said
    shown = shown_of(view)
    assert "Now: version 3, made live 2 h ago by slack:T1/U1" in shown
    assert "Reason: shorter answers" in shown
    assert "Version 4 has not been evaluated" in shown
    assert "only its beginning" not in shown


def test_a_long_comparison_is_shortened_with_a_word_on_where_all_of_it_is() -> None:
    long = replace(PROPOSED, diff=VersionDiff(3, 4, DIFF.lines * 200))
    assert shown_of(move_forms.move_confirm(long, "move-1")).endswith(
        "This is only its beginning. All of it: prompts diff 3 4"
    )


def test_two_versions_are_compared() -> None:
    form = move_forms.compare_form(LIST)
    assert (
        element_of(form, move_forms.OLD_BLOCK)["initial_option"]
        != element_of(form, move_forms.NEW_BLOCK)["initial_option"]
    )
    assert move_forms.compare_form_of(filled_in(form, old=picked("3"), new=picked("4"))) == (3, 4)
    assert move_forms.compare_form_of(filled_in(form, old=picked("3"), new=picked(None))) is None


def test_a_reply_is_shown_in_a_view() -> None:
    view = views.reply_view("Versions", TEXT)
    assert "- Be brief." in shown_of(view)
    assert "submit" not in view
    assert shown_of(views.reply_view("Versions", Refused("There is no version 9."))) == "There is no version 9."


@given(notes)
def test_any_reason_becomes_one_line(reason: str) -> None:
    view = filled_in(move_forms.rollback_form(LIST), reason=typed(reason))
    assert move_forms.move_form_of(view).note == " ".join(reason.split())
