"""What the coach hears in Teams, and what it passes over."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.file_reference import MAX_FILES, FileReference
from bot.channels.teams.intake import PassedOver, heard, origin_of
from bot.channels.teams.origin import Kind, Origin, Where, read_origin
from bot.core.messages import Incoming, Meant
from tests.teams.activities import (
    APP,
    BOT,
    GROUP,
    ID,
    MENTION,
    OID,
    OTHER_TENANT,
    PERSONAL,
    SERVICE,
    TENANT,
    THREAD,
    USER,
    added,
    channel,
    file,
    group,
    installed,
    personal,
    with_files,
    with_html,
)

DRAFT = "Hi Dana,\n\nThis roof never leaks.\n\nBest,\nAnn"
COACH = "<at>Field Coach</at>"


@dataclass(frozen=True, slots=True)
class Taken:
    """A message that is the coach's business, and where it says that it came from."""

    message: Incoming
    origin: Origin


def hear(activity: dict[str, Any], *, tenant: str = TENANT, bot: str = APP) -> Incoming | PassedOver:
    return heard(activity, bot=bot, tenant=tenant)


def taken(activity: dict[str, Any], *, tenant: str = TENANT, bot: str = APP) -> Taken:
    found = hear(activity, tenant=tenant, bot=bot)
    assert isinstance(found, Incoming), found
    return Taken(found, read_origin(found.origin))


def where(activity: dict[str, Any]) -> Where:
    return taken(activity).origin.where


def without(holder: dict[str, Any], *names: str) -> dict[str, Any]:
    return {key: value for key, value in holder.items() if key not in names}


def written_by(author: object) -> dict[str, Any]:
    return {**personal(), "from": author}


def shared(activity: dict[str, Any], **beside_author: object) -> dict[str, Any]:
    """The same in a channel that is shared with other teams."""
    data = {**activity["channelData"], "channel": {"id": "19:x@thread.tacv2", "type": "shared"}}
    return {**activity, "channelData": data, "from": {**activity["from"], **beside_author}}


def test_a_personal_message_is_heard_and_answered_there() -> None:
    origin = Origin(
        where=Where.HERE,
        service_url=SERVICE,
        tenant=TENANT,
        conversation=PERSONAL,
        kind="personal",
        user=USER,
        object_id=OID,
        bot=BOT,
        activity=ID,
    )
    message = Incoming(
        id=f"teams:{TENANT}/{PERSONAL}/{ID}",
        person=f"teams:{TENANT}/{OID}",
        thread=f"teams:{TENANT}/{PERSONAL}",
        text="  is a roof\n<new>?  ",
        channel="teams",
        meant=Meant.COMMAND,
        origin=origin.text(),
    )
    assert hear(personal("  is a roof\n<new>?  ")) == message


@pytest.mark.parametrize("text", ["thanks", f"review {DRAFT}", DRAFT, "forget me", "rollback worse", "+1", "help", ""])
def test_in_a_personal_chat_everything_is_heard_and_answered_there(text: str) -> None:
    found = taken(personal(text))
    assert (found.message.text, found.origin.where) == (text, Where.HERE)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("why?", Where.HERE),
        ("the price", Where.HERE),
        ("guide tiles", Where.HERE),
        ("help", Where.HERE),
        ("", Where.HERE),
        ("/unknown", Where.HERE),
        (f"review {DRAFT}", Where.DIRECT),
        (DRAFT, Where.DIRECT),
        ("review", Where.DIRECT),
        ("forget me", Where.DIRECT),
        ("+1", Where.HERE),
        ("prompts", Where.DIRECT),
        ("prompts publish better\n---\nmodel: m", Where.DIRECT),
        ("prompts activate 2 better", Where.DIRECT),
        ("rollback worse", Where.DIRECT),
    ],
)
def test_others_see_answers_and_the_guide_and_never_what_is_somebodys_own(text: str, place: Where) -> None:
    for said in (group(f"{COACH} {text}"), channel(f"{COACH} {text}")):
        found = taken(said)
        assert (found.message.text, found.origin.where) == (text, place)


def test_the_thread_of_a_channel_is_the_conversation() -> None:
    found = taken(channel())
    assert found.message.thread == f"teams:{TENANT}/{THREAD}"
    assert found.message.id == f"teams:{TENANT}/{THREAD}/{ID}"
    assert (found.origin.conversation, found.origin.kind) == (THREAD, Kind.CHANNEL)
    assert taken(group()).origin.kind == Kind.GROUP
    assert taken(group()).message.thread == f"teams:{TENANT}/{GROUP}"


def test_a_draft_with_a_mention_keeps_its_lines() -> None:
    html = (
        '<p><span itemtype="http://schema.skype.com/Mention" itemscope itemid="0">Field Coach</span>&nbsp;review</p>\n'
        "<p>Hi Dana,</p>\n<p>&nbsp;</p>\n<p>This roof never leaks.</p>\n<p>&nbsp;</p>\n<p>Best,<br>\nAnn</p>"
    )
    text = f"{COACH} review Hi Dana,  This roof never leaks.  Best, Ann"
    assert taken(with_html(channel(text), html)).message.text == f"review\n{DRAFT}"
    assert where(with_html(channel(text), html)) is Where.DIRECT


@pytest.mark.parametrize(
    "said",
    [
        group("How long does a roof last?", entities=[]),
        channel("How long does a roof last?", entities=None),
        channel("<at>Ann</at> why?", entities=[{**MENTION, "mentioned": {"id": "29:ann"}}]),
        channel(f"{COACH} why?", entities=[{**MENTION, "type": "clientInfo"}]),
        channel(f"{COACH} why?", entities=[{**MENTION, "mentioned": {"id": f"{BOT}x"}}]),
    ],
)
def test_where_others_are_only_mentions_are_heard(said: dict[str, Any]) -> None:
    assert hear(said) is PassedOver.NOT_ADDRESSED


def test_the_coach_is_mentioned_by_account_or_by_app_whatever_it_is_called_there() -> None:
    for id_ in (BOT, APP):
        mention = {"type": "mention", "mentioned": {"id": id_}, "text": "<at>Coachy</at>"}
        assert taken(group("<at>Coachy</at> why?", entities=[mention])).message.text == "why?"


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (personal(type="messageUpdate", channelData={"eventType": "editMessage"}), PassedOver.NO_MESSAGE),
        (personal(type="messageUpdate", channelData={"eventType": "undeleteMessage"}), PassedOver.NO_MESSAGE),
        (personal(type="messageDelete", channelData={"eventType": "softDeleteMessage"}), PassedOver.NO_MESSAGE),
        (personal(type="messageReaction", reactionsAdded=[{"type": "like"}]), PassedOver.NO_MESSAGE),
        (personal(type="typing"), PassedOver.NO_MESSAGE),
        (personal(type="event", name="application/vnd.microsoft.meetingStart"), PassedOver.NO_MESSAGE),
        (personal(type="invoke", name="adaptiveCard/action"), PassedOver.NO_MESSAGE),
        (personal(None, value={"act": "review"}), PassedOver.NO_MESSAGE),
        (added(membersAdded=[{"id": USER}]), PassedOver.NO_MESSAGE),
        (added(membersAdded=[], membersRemoved=[{"id": BOT}]), PassedOver.NO_MESSAGE),
        (installed(action="remove"), PassedOver.NO_MESSAGE),
        (installed(action="add-upgrade"), PassedOver.NO_MESSAGE),
        (written_by({"id": BOT, "name": "Field Coach"}), PassedOver.BOT),
        (written_by({"id": "28:another", "aadObjectId": OID}), PassedOver.BOT),
        (written_by({"id": USER, "role": "bot", "aadObjectId": OID}), PassedOver.BOT),
        (written_by(None), PassedOver.OUTSIDER),
        (written_by({"aadObjectId": OID}), PassedOver.UNREADABLE),
        (without(personal(), "id"), PassedOver.UNREADABLE),
        (without(personal(), "serviceUrl"), PassedOver.UNREADABLE),
        (personal(conversation={"conversationType": "personal", "tenantId": TENANT}), PassedOver.UNREADABLE),
    ],
)
def test_what_is_not_the_coachs_business_is_passed_over_and_counted(said: dict[str, Any], why: PassedOver) -> None:
    assert hear(said) is why


def test_the_text_that_a_button_says_for_a_person_is_heard() -> None:
    assert taken(personal("help", value={"from": "a card"})).message.text == "help"


def test_members_of_other_companies_are_not_answered() -> None:
    def of(conversation: object, data: object, tenant: str = TENANT) -> Incoming | PassedOver:
        said = personal(channelData=data)
        return hear({**said, "conversation": {**said["conversation"], "tenantId": conversation}}, tenant=tenant)

    ours, theirs = {"tenant": {"id": TENANT.upper()}}, {"tenant": {"id": OTHER_TENANT}}
    assert isinstance(of(TENANT, ours), Incoming)
    assert isinstance(of("", ours), Incoming)
    assert isinstance(of(TENANT, {}), Incoming)
    for found in (of(OTHER_TENANT, theirs), of(TENANT, theirs), of(OTHER_TENANT, ours), of(None, None)):
        assert found is PassedOver.OUTSIDER


def test_where_any_company_is_answered_each_is_by_its_own_tenant() -> None:
    said = personal(channelData={"tenant": {"id": OTHER_TENANT}})
    said["conversation"] = {**said["conversation"], "tenantId": OTHER_TENANT}
    found = taken(said, tenant="")
    assert (found.message.person, found.origin.tenant) == (f"teams:{OTHER_TENANT}/{OID}", OTHER_TENANT)
    said["channelData"] = {"tenant": {"id": TENANT}}
    assert hear(said, tenant="") is PassedOver.OUTSIDER


@pytest.mark.parametrize("said", [personal(), group(), channel()])
def test_who_has_no_object_id_in_the_company_is_no_member(said: dict[str, Any]) -> None:
    assert hear({**said, "from": {"id": USER, "name": "Somebody"}}) is PassedOver.OUTSIDER


def test_in_a_shared_channel_only_who_is_shown_to_be_a_member_is_answered_and_aside() -> None:
    assert hear(shared(channel())) is PassedOver.OUTSIDER
    assert hear(shared(channel()), tenant="") is PassedOver.OUTSIDER
    assert hear(shared(channel(), tenantId=OTHER_TENANT)) is PassedOver.OUTSIDER
    assert hear(shared(channel(), tenantId=OTHER_TENANT), tenant="") is PassedOver.OUTSIDER
    assert where(shared(channel(), tenantId=TENANT)) is Where.DIRECT
    said = shared(channel())
    for tenant, found in ((TENANT, Incoming), (OTHER_TENANT, PassedOver)):
        source = {"sourceType": "team", "membershipType": "transitive", "tenantId": tenant}
        assert isinstance(hear({**said, "channelData": {**said["channelData"], "membershipSource": source}}), found)


def test_on_this_machine_who_has_no_tenant_and_no_object_id_is_known_by_account() -> None:
    said = personal(channelData={}, conversation={"id": "p1", "conversationType": "personal"})
    said |= {"from": {"id": "user-1"}, "recipient": {"id": "bot-1"}}
    found = taken(said, tenant="", bot="")
    assert (found.message.person, found.origin.bot) == ("teams:/user-1", "bot-1")
    mention = {"type": "mention", "mentioned": {"id": "bot-1"}, "text": COACH}
    said |= {"conversation": {"id": "g1", "conversationType": "groupChat"}, "text": f"{COACH} why?"}
    assert hear({**said, "entities": []}, tenant="", bot="") is PassedOver.NOT_ADDRESSED
    assert taken({**said, "entities": [mention]}, tenant="", bot="").message.text == "why?"


def test_who_adds_the_coach_is_welcomed_once_however_teams_tells_of_it() -> None:
    found = taken(added())
    assert (found.message.text, found.message.meant) == ("help", Meant.COMMAND)
    assert (found.message.person, found.message.thread) == (f"teams:{TENANT}/{OID}", f"teams:{TENANT}/{PERSONAL}")
    assert (found.origin.where, found.origin.conversation) == (Where.HERE, PERSONAL)
    assert {taken(said).message.id for said in (added(), installed(), added(id="f:2"), without(installed(), "id"))} == {
        f"teams:{TENANT}/welcome/{PERSONAL}"
    }


@pytest.mark.parametrize("place", [group(), channel()])
def test_where_others_are_nobody_is_welcomed(place: dict[str, Any]) -> None:
    for said in (added(), installed()):
        said |= {name: place[name] for name in ("conversation", "channelData")}
        assert hear(said) is PassedOver.NOT_ADDRESSED


@pytest.mark.parametrize(
    ("conversation", "kind"),
    [
        ({"id": PERSONAL}, Kind.PERSONAL),
        ({"id": PERSONAL, "isGroup": False}, Kind.PERSONAL),
        ({"id": "x", "isGroup": True}, Kind.GROUP),
        ({"id": GROUP}, Kind.GROUP),
        ({"id": THREAD}, Kind.CHANNEL),
        ({"id": GROUP, "conversationType": "meeting"}, Kind.GROUP),
        ({"id": GROUP, "conversationType": "personal"}, Kind.PERSONAL),
    ],
)
def test_a_conversation_that_does_not_say_its_kind_shows_it(conversation: dict[str, Any], kind: Kind) -> None:
    assert origin_of(personal(conversation=conversation), bot=APP, tenant=TENANT).kind == kind


def test_files_come_along_by_where_teams_has_them() -> None:
    files = [
        file("draft.txt"),
        file("Offer", fileType="docx"),
        file("v1.2 notes.md"),
        {**file("x.pdf"), "content": None},
        {
            "contentType": "image/png",
            "contentUrl": "https://smba.trafficmanager.net/emea/v3/attachments/1/views/original",
        },
        {"contentType": "application/vnd.microsoft.card.adaptive", "content": {"type": "AdaptiveCard"}},
    ]
    found = taken(with_files(personal("what of this?"), files))
    url = file()["content"]["downloadUrl"]
    assert read_origin(found.message.origin).files == (
        FileReference("draft.txt", url),
        FileReference("Offer.docx", url),
        FileReference("v1.2 notes.md", url),
        FileReference("x.pdf", ""),
    )
    assert found.message.text == "what of this?"
    assert where(with_files(group(), files)) is Where.DIRECT


def test_a_file_without_words_is_heard() -> None:
    for text in ("", None):
        found = taken(with_files(personal(text), [file()]))
        assert (found.message.text, len(found.origin.files)) == ("", 1)


def test_of_many_files_one_more_than_are_read_is_noted_so_that_it_can_be_told() -> None:
    many = [file(f"{number}.txt") for number in range(500)]
    names = [each.name for each in taken(with_files(personal("look"), many)).origin.files]
    assert names == [f"{number}.txt" for number in range(MAX_FILES + 1)]


def test_a_redelivery_is_the_same_message_and_another_conversation_is_not() -> None:
    first = taken(personal())
    assert taken(personal(timestamp="2026-05-07T06:01:15Z")) == first
    assert len({taken(said).message.id for said in (personal(), personal(id="1"), group(), channel())}) == 4


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
_PATHS = [
    *((name,) for name in channel()),
    ("from", "id"),
    ("from", "aadObjectId"),
    ("from", "role"),
    ("recipient", "id"),
    ("conversation", "id"),
    ("conversation", "tenantId"),
    ("conversation", "conversationType"),
    ("channelData", "tenant"),
    ("channelData", "channel"),
    ("channelData", "membershipSource"),
    ("attachments",),
    ("membersAdded",),
    ("action",),
    ("value",),
]


@given(
    st.sampled_from([personal, group, channel, added, installed, lambda: with_files(personal(), [file()])]),
    st.lists(st.tuples(st.sampled_from(_PATHS), _JSON), max_size=3),
    st.sampled_from(["", TENANT]),
)
def test_an_activity_with_anything_anywhere_is_heard_or_passed_over(
    make: Callable[[], dict[str, Any]], changes: list[tuple[tuple[str, ...], Any]], tenant: str
) -> None:
    activity = make()
    for (first, *rest), value in changes:
        inner = activity.get(first)
        activity[first] = {**inner, rest[0]: value} if rest and isinstance(inner, dict) else value
    found = hear(activity, tenant=tenant)
    if isinstance(found, Incoming):
        origin = read_origin(found.origin)
        kept = (found.id, found.person, found.thread, found.text)
        assert "".join(kept).encode()
        assert origin.conversation
        assert origin.user
        assert not tenant or origin.tenant == TENANT


@given(_JSON, _JSON, _JSON)
def test_entities_and_attachments_of_any_shape_are_read(mentioned: object, text: object, content: object) -> None:
    entities = [{"type": "mention", "mentioned": mentioned, "text": text}, MENTION, mentioned]
    attachments = [
        {"contentType": text, "content": content},
        {"contentType": "text/html", "content": content},
        {**file(), "content": content, "name": text},
        content,
    ]
    for make in (personal, group, channel):
        assert isinstance(hear(make(f"{COACH} why?", entities=entities, attachments=attachments)), Incoming)
