"""Reviews in Teams of drafts that are long, and of drafts that come as files."""

import pytest

from bot.channels.teams.render.review import MAX_BUTTONED
from bot.files.reading import MAX_BYTES
from tests.files.making import mail, page, pdf, word
from tests.teams.coaching import ANA, DRAFT, REWRITTEN, calls_to, chat_of, idle, said
from tests.teams.loopback.seen import Seen
from tests.teams.loopback.workspace import Upload
from tests.teams.reviewing import all_shown, decisions, rewritten, sent
from tests.teams.serving import Served

WORDS = "Our tiles last forever."
MANY = [f"For site {number} our tiles last forever." for number in range(40)]


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are where the loopback Teams keeps them."""
    monkeypatch.setattr("bot.channels.teams.channel.in_sharepoint", lambda url: url.host == "127.0.0.1")


pytestmark = pytest.mark.usefixtures("fetched", "coached")


def places(message: Seen) -> list[int]:
    """Which replacements a message has buttons for."""
    return [button["data"]["place"] for button in message.buttons if button["verb"] == "review.use"]


# Long ones.


async def test_many_findings_come_in_several_messages_in_order_and_the_last_can_be_decided(coached: Served) -> None:
    before = await sent(coached, Upload("draft.txt", "\n".join(MANY).encode()))
    assert len(before) > 2
    assert [place for each in before for place in places(each)] == list(range(40))
    assert not any(each.streaming for each in before)
    last = next(each for each in before if 39 in places(each))
    await coached.teams.press(ANA, last.id, "review.unmeant", data={"place": 39})
    await coached.teams.until(lambda: rewritten(coached).endswith(MANY[-1]))
    after = said(coached.teams, ANA, chat_of(coached))
    assert [each.id for each in after] == [each.id for each in before]
    assert rewritten(coached) == "\n".join(["Our tiles last sixty years."] * 39 + MANY[-1:])


async def test_a_choice_changes_its_own_message_and_the_one_with_the_draft_and_no_other(coached: Served) -> None:
    teams = coached.teams
    before = await sent(coached, Upload("draft.txt", "\n".join(MANY).encode()))
    holds_draft = [each.id for each in before if "Rewritten draft" in each.plain]
    assert holds_draft
    assert before[0].id not in holds_draft
    await teams.press(ANA, before[0].id, "review.unmeant", data={"place": 0})
    await teams.until(lambda: rewritten(coached).startswith(MANY[0]))
    await all_shown(coached, before[0])
    changed = {call.path.rpartition("/")[2] for call in calls_to(coached, "update")}
    assert changed == {before[0].id, *holds_draft[:1]}
    after = said(teams, ANA, chat_of(coached))
    assert [old.id for old, new in zip(before, after, strict=True) if old.plain != new.plain] == sorted(changed)


async def test_a_message_that_cannot_be_changed_keeps_none_of_the_others_from_following(coached: Served) -> None:
    teams = coached.teams
    first, *_ = await sent(coached, Upload("draft.txt", "\n".join(MANY).encode()))
    teams.fail("update", status=403)
    await teams.press(ANA, first.id, "review.unmeant", data={"place": 0})
    await teams.until(lambda: rewritten(coached).startswith(MANY[0]))
    assert [call.status for call in calls_to(coached, "update")] == [403, 200]


async def test_who_decides_on_a_review_whose_messages_are_not_known_any_more_is_told_so(
    coached: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    teams, chat = coached.teams, chat_of(coached)
    monkeypatch.setattr("bot.channels.shown.KEPT_SECONDS", -1.0)
    first, *others = await sent(coached, Upload("draft.txt", "\n".join(MANY).encode()))
    await teams.press(ANA, first.id, "review.unmeant", data={"place": 0})
    await teams.until(lambda: len(said(teams, ANA, chat)) > len(others) + 1)
    changed, *after, told = said(teams, ANA, chat)
    assert "Not what you meant" in changed.plain
    assert after == others
    assert told.plain == (
        "Your choice is noted, but this review is too old for all of its messages to show it: "
        "send the draft once more for a new one."
    )
    assert calls_to(coached, "update") == []
    assert teams.failures == []


async def test_what_is_decided_while_the_last_messages_are_on_their_way_is_shown_in_them(coached: Served) -> None:
    teams, chat = coached.teams, chat_of(coached)
    teams.fail("final", hang=0.0)
    teams.fail("final", hang=0.5)
    await teams.say(ANA, chat, "", files=[Upload("draft.txt", "\n".join(MANY).encode())])
    await teams.until(lambda: any(each.buttons for each in said(teams, ANA, chat)))
    (first,) = said(teams, ANA, chat)
    await teams.press(ANA, first.id, "review.unmeant", data={"place": 0})
    assert len(said(teams, ANA, chat)) == 1
    await idle(coached)
    assert rewritten(coached) == "\n".join([MANY[0], *["Our tiles last sixty years."] * 39])
    assert "Not what you meant" in said(teams, ANA, chat)[0].plain
    assert [place for each in said(teams, ANA, chat) for place in places(each)] == list(range(40))


async def test_of_very_many_findings_the_rest_is_shown_without_buttons_and_said_so(coached: Served) -> None:
    sentences = [f"For site {number} our tiles last forever." for number in range(MAX_BUTTONED + 5)]
    shown = await sent(coached, Upload("draft.txt", "\n".join(sentences).encode()))
    assert [place for each in shown for place in places(each)] == list(range(MAX_BUTTONED))
    plain = "\n".join(each.plain for each in shown)
    assert "Numbers 61 to 65 have no buttons: the new words stand in the rewritten draft." in plain
    assert all(sentence in plain for sentence in sentences)


async def test_a_draft_of_several_parts_is_whole_and_follows(coached: Served) -> None:
    text = f"{WORDS}\n\n" + "A paragraph about the weather of the week, & <so> on.\n\n" * 400
    first, *_ = shown = await sent(coached, Upload("draft.txt", text.encode()))
    assert len(shown) > 1
    assert rewritten(coached) == text.replace("forever", "sixty years")
    await coached.teams.press(ANA, first.id, "review.unmeant")
    await coached.teams.until(lambda: rewritten(coached) == text)
    assert coached.teams.failures == []


async def test_a_draft_that_is_too_long_to_be_shown_says_so_and_its_findings_are_there(coached: Served) -> None:
    text = f"{WORDS}\n\n" + "A paragraph about the weather of the week.\n\n" * 2_500
    shown = await sent(coached, Upload("draft.txt", text.encode()))
    plain = "\n".join(each.plain for each in shown)
    assert "The rewritten draft is too long for Teams." in plain
    assert places(shown[0]) == [0]


# Files.


@pytest.mark.parametrize(
    "upload",
    [
        Upload("draft.txt", WORDS.encode()),
        Upload("DRAFT.MD", WORDS.encode("utf-16")),
        Upload("draft.eml", mail(plain=f"{WORDS}\n").as_bytes()),
        Upload("draft.docx", word(lambda document: document.add_paragraph(WORDS))),
        Upload("draft.pdf", pdf(page(WORDS))),
        Upload("draft.html", f"<p>{WORDS}</p>".encode()),
    ],
    ids=lambda upload: upload.name,
)
async def test_a_file_of_any_kind_that_is_read_is_reviewed(coached: Served, upload: Upload) -> None:
    (review,) = await sent(coached, upload)
    assert "Our tiles last sixty years." in rewritten(coached)
    assert not review.streaming
    assert f"Reading {upload.name} …" in [each.text for each in coached.teams.statuses]


async def test_files_and_the_words_beside_them_are_one_draft(coached: Served) -> None:
    files = [Upload(f"{number}.txt", f"Part {number}.".encode()) for number in range(4)]
    await sent(coached, *files, Upload("5.txt", WORDS.encode()), text="review Hello,")
    assert rewritten(coached) == "Hello,\n\nPart 0.\n\nPart 1.\n\nPart 2.\n\nPart 3.\n\nOur tiles last sixty years."


async def test_a_file_that_is_a_pasted_mail_follows_its_choices(coached: Served) -> None:
    (review,) = await sent(coached, Upload("draft.txt", DRAFT.encode()))
    assert rewritten(coached) == REWRITTEN
    for place in (0, 1):
        await coached.teams.press(ANA, review.id, "review.keep", data={"place": place})
    assert rewritten(coached) == DRAFT
    assert len(await decisions(coached)) == 2


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([Upload(f"{number}.txt", b"x") for number in range(6)], "At most 5 files are read at once"),
        ([Upload("big.txt", b"x " * (MAX_BYTES // 2 + 1))], "has more than 5 MB"),
        ([Upload("photo.png", b"\x89PNG")], "“photo.png” cannot be read"),
        ([Upload("empty.txt", b" \n")], "“empty.txt” cannot be read"),
        ([Upload("old.doc", b"\xd0\xcf\x11\xe0")], "“old.doc” cannot be read"),
        ([Upload("fake.pdf", b"no such thing")], "“fake.pdf” cannot be read"),
        ([Upload("x.txt", url="https://drive.example.com/x")], "“x.txt” is not kept in OneDrive"),
        ([Upload("x.txt", url="http://169.254.169.254/latest")], "“x.txt” is not kept in OneDrive"),
        ([Upload("x.txt", b"x", status=403)], "“x.txt” is not given out any more"),
        ([Upload("x.txt", b"x", status=404)], "“x.txt” is not given out any more"),
        ([Upload("good.txt", WORDS.encode()), Upload("bad.png", b"x")], "“bad.png” cannot be read"),
    ],
    ids=["many", "large", "image", "empty", "doc", "no pdf", "elsewhere", "inside", "forbidden", "gone", "one"],
)
async def test_a_file_that_cannot_be_read_gets_one_clear_line(coached: Served, files: list[Upload], words: str) -> None:
    (told,) = await sent(coached, *files)
    assert words in told.plain
    assert len(told.plain.splitlines()) == 1
    assert not told.streaming
    assert "failed" not in told.plain
