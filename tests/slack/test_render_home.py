import json
from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.render.home import AdminHome, home_view
from bot.channels.slack.render.message import Block
from bot.channels.slack.render.view_size import MAX_BLOCKS
from bot.core.lessons import GuideRow
from bot.core.prompts import Trail, VersionList
from bot.core.replies import Guide, Help
from tests.slack.loopback.flatten import Flattener
from tests.slack.loopback.view_rules import view_faults
from tests.slack.loopback.workspace import Workspace
from tests.slack.rendering import guides, helps, seen
from tests.slack.test_render_review import buttons
from tests.slack.test_render_versions import entries, lists
from tests.terminal.version_replies import LIST, NOW, TRAIL, card

ROW = GuideRow("roofs", "Guide", 2, "It never leaks", "It holds ten years", "Keeps a promise", 9)
GUIDE = Guide("", (ROW,))
HELP = Help((), ("Roofs", "Gutters"))
MAX_BYTES = 250_000

admins = st.one_of(
    st.none(),
    st.builds(
        AdminHome,
        lists,
        st.builds(Trail, st.lists(entries, max_size=20).map(tuple), st.booleans(), st.just(NOW)),
    ),
)


def blocks_of(view: Mapping[str, object]) -> list[Block]:
    blocks = view["blocks"]
    assert isinstance(blocks, list)
    return blocks


def shown_of(view: Mapping[str, object]) -> str:
    return seen(blocks_of(view))


def check_view(view: dict[str, object]) -> None:
    """Slack takes the App Home as it is, and nobody is pinged by it."""
    assert view_faults(view, "home") == []
    assert list(Flattener(Workspace()).pings(view["blocks"])) == []
    assert len(json.dumps(view)) <= MAX_BYTES


@given(guides, helps, admins)
def test_any_home_is_within_slacks_limits_and_pings_nobody(guide: Guide, help_: Help, admin: AdminHome | None) -> None:
    check_view(home_view(guide, help_, admin))


def test_a_rep_sees_what_to_do_and_the_guide() -> None:
    view = home_view(GUIDE, HELP, None)
    assert buttons(blocks_of(view)) == [("home.ask", None), ("home.review", None)]
    assert shown_of(view).endswith(
        "Lessons: Roofs; Gutters\nWhat to say\n"
        "Don't say: It never leaks\nDo say: It holds ten years\nWhy: Keeps a promise"
    )


def test_rows_of_several_lessons_say_which_is_whose() -> None:
    view = home_view(Guide("", (ROW, replace(ROW, lesson="gutters", row=7))), HELP, None)
    assert "(roofs 2)" in shown_of(view)
    assert "(gutters 7)" in shown_of(view)


def test_an_empty_guide_is_said_to_be_empty() -> None:
    view = home_view(Guide("", ()), Help((), ()), None)
    check_view(view)
    assert "The guide has no rows yet." in shown_of(view)
    assert "No lessons are loaded." in shown_of(view)


def test_characters_of_many_bytes_are_counted_as_such() -> None:
    row = replace(ROW, dont_say="\N{HONEYBEE}" * 2_900, why="")
    view = home_view(Guide("", (row,) * 50), HELP, AdminHome(LIST, TRAIL))
    check_view(view)
    assert "more rows: /coach guide" in shown_of(view)


def test_where_the_rest_of_a_long_guide_is_found_is_said() -> None:
    view = home_view(Guide("", (ROW,) * 400), HELP, AdminHome(LIST, TRAIL))
    check_view(view)
    assert len(blocks_of(view)) == MAX_BLOCKS
    shown = shown_of(view)
    assert shown.endswith(f"{400 - shown.count('Do say: ')} more rows: /coach guide and a few words")


def test_an_admin_sees_the_versions_above_the_guide() -> None:
    view = home_view(GUIDE, HELP, AdminHome(LIST, TRAIL))
    check_view(view)
    shown = shown_of(view)
    assert (
        "Version 3, live since 2026-03-04 10:00 UTC (2 h ago), by slack:T1/U1. Version 4 serves 10% as a trial."
        in shown
    )
    assert "12,040 replies · 41 up, 3 down" in shown
    assert "11  auto ended the trial of version 4" in shown
    assert "7  local made version 2 live" not in shown
    assert shown.index("Versions of the system prompt") < shown.index("What to say")
    assert buttons(blocks_of(view))[2:] == [
        ("home.compare", None),
        ("home.rollback", None),
        ("home.trail", None),
        ("home.show", "4"),
        ("home.activate", "4"),
        ("home.show", "3"),
        ("home.show", "1"),
        ("home.activate", "1"),
    ]


def test_the_newest_versions_are_shown_and_how_to_see_the_others() -> None:
    many = VersionList(tuple(card(number, live=number == 1) for number in range(20, 0, -1)), NOW)
    view = home_view(GUIDE, HELP, AdminHome(many, TRAIL))
    check_view(view)
    shown = shown_of(view)
    assert "Version 13\n" in shown
    assert "Version 12\n" not in shown
    assert "12 older ones: /coach prompts" in shown
    assert "Version 1, live since" in shown


def test_without_versions_there_is_only_the_trail_to_open() -> None:
    view = home_view(GUIDE, HELP, AdminHome(VersionList((), NOW), Trail((), earlier=False, now=NOW)))
    check_view(view)
    assert "No version is live." in shown_of(view)
    assert buttons(blocks_of(view))[2:] == [("home.trail", None)]
