from collections.abc import Sequence
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given

from bot.phrasing.anatomy import Part, anatomy
from bot.phrasing.units import units
from tests.phrasing.letters import drafts


def said(draft: str) -> list[str]:
    return [unit.text for unit in units(draft)]


def parts(draft: str) -> list[tuple[Part, str]]:
    return [(line.part, line.shown.text) for line in anatomy(draft).lines if line.part is not Part.BLANK]


def test_a_letter_has_a_greeting_a_body_and_a_signature() -> None:
    draft = "Dear Ms. Oyelaran,\n\nThe yard opens at six.\n\nKind regards,\nTom Reyes\nFleet Advisor\n"
    assert [part for part, _ in parts(draft)] == [Part.GREETING, Part.BODY, *[Part.SIGNATURE] * 3]


@pytest.mark.parametrize(
    "greeting",
    [
        "Hi Ines,",
        "hi ines,",
        "Hey!",
        "HELLO INES",
        "Hello everyone,",
        "Good morning Ines and Sam,",
        "Dear Mr. O'Neill:",
        "Dear Sir or Madam,",
        "To whom it may concern:",
        "Hi all at the **Port Office**,",
        "Ines,",
        "Ines, Sam,",
        "Hi Ines \u2014",
        "Hi \u6797\u5148\u751f,",
        "*Hi Ines,*",
    ],
)
def test_a_greeting_is_no_unit(greeting: str) -> None:
    assert said(f"{greeting}\n\nThe yard opens at six.") == ["The yard opens at six."]


@pytest.mark.parametrize(
    "line",
    [
        "Hello we can plan your routes",
        "HI INES WE CAN PLAN ALL OF IT",
        "Good morning is when the planner runs.",
        "Dear customers will love it.",
        "Hi Ines, the planner learns every road you own!",
        "Thanks for the tour, the planner fits.",
        "Morning shifts are planned by noon.",
    ],
)
def test_a_sentence_that_starts_like_a_greeting_is_one(line: str) -> None:
    assert len(said(line)) == 1


@pytest.mark.parametrize(
    ("line", "clause"),
    [
        ("Hi Ines, the planner learns your roads.", "the planner learns your roads."),
        ("Hello team - routes plan themselves.", "routes plan themselves."),
        ("Hey! It just works.", "It just works."),
        ("Dear Mr. Sol, it just works.", "it just works."),
    ],
)
def test_a_sentence_after_a_greeting_on_its_line_starts_after_it(line: str, clause: str) -> None:
    (unit,) = units(f"{line}\n\nBest,\nTom")
    assert (unit.text, line[unit.start : unit.end]) == (clause, clause)


@pytest.mark.parametrize(
    "signature",
    [
        "Best,\nTom",
        "Best, Tom",
        "Many thanks!\n\nTom Reyes",
        "Thanks again,\nTom Reyes\nFleet Advisor | Haul Example\n+1 (202) 555-0188 | tom@haul.example",
        'Yours sincerely,\n\nTom Reyes\nSenior Advisor, Road & Rail\n"Roads for every public servant"',
        "V/r,\nTom",
        "Cheers\nT.",
        "Talk soon,\nTom",
        "-- \nTom Reyes\nHaul Example, Inc.",
        "--\nTom Reyes",
        "\u2014 Tom Reyes, haul.example",
        "- Tom",
        "Tom",
        "Tom Reyes\nFleet Advisor\n+1 202 555 0188",
        "Sent from my iPhone",
        "Tom\n\nSent from my Galaxy",
        "Thanks,\nTom\n\nGet Outlook for iOS",
        "Best,\nTom\n\nThis e-mail is confidential and is meant for you alone. If it is not yours, delete it.",
        "Respectfully,\nTom\n\nCONFIDENTIALITY NOTICE: The words above\nare for the addressee only.",
    ],
)
def test_a_signature_is_no_unit(signature: str) -> None:
    body = "Hi Ines,\n\nThe yard opens at six. Bring a coat.\n\n"
    assert said(body + signature + "\n") == ["The yard opens at six.", "Bring a coat."]


def test_what_is_said_below_a_signature_is_read() -> None:
    draft = (
        "The yard opens.\n\nBest,\nTom\n\nP.S. The planner is never wrong.\n\nPS: It is free.\n\nIt also runs by night."
    )
    assert said(draft) == ["The yard opens.", "The planner is never wrong.", "It is free.", "It also runs by night."]


def test_a_claim_right_under_a_sign_off_is_read() -> None:
    assert said("One thing.\n\nThanks,\nWe can plan every road you own.\n- it never fails\n") == [
        "One thing.",
        "We can plan every road you own.",
        "it never fails",
    ]


def test_thanks_at_the_top_is_no_sign_off() -> None:
    draft = "Hi Ines,\n\nThanks!\n\nLong story short\n\n- routes plan themselves\n"
    assert said(draft) == ["Thanks!", "Long story short", "routes plan themselves"]


@pytest.mark.parametrize("mark", [">", "> ", ">> ", "> > ", "  > ", "\t>", "&gt; ", "\u200b> "])
def test_quoted_lines_are_not_the_reps(mark: str) -> None:
    assert said(f"Two answers.\n\n{mark}Does it work offline?\n\nIt does.\n{mark}And the price?\nIt is low.\n") == [
        "Two answers.",
        "It does.",
        "It is low.",
    ]


INTROS = [
    "On Tue, Mar 4, 2025 at 9:12 AM Ines Sol <ines@haul.example> wrote:",
    "On Tue, Mar 4, 2025 at 9:12 AM Ines Sol\n<ines@haul.example> wrote:",
    "On 4 Mar 2025, at 09:12,\nInes Sol of the Northern Yard\n<ines@haul.example> wrote:",
    "Am 04.03.2025 um 09:12 schrieb Ines Sol:",
    "Le mar. 4 mars 2025 \u00e0 09:12, Ines Sol <ines@haul.example> a \u00e9crit :",
    "El mar, 4 mar 2025 a las 9:12, Ines Sol escribi\u00f3:",
    "2025-03-04 9:12 GMT+01:00 Ines Sol <ines@haul.example> wrote:",
    "Ines Sol <ines@haul.example> wrote:",
    "-----Original Message-----",
    "---------- Forwarded message ---------\nFrom: Ines Sol <i@haul.example>\nDate: Tue, Mar 4\nSubject: Yard\nTo: Tom",
    "Begin forwarded message:\n\nFrom: Ines Sol\nSubject: Yard\nDate: 4 March 2025",
    "________________________________\nFrom: Ines Sol\nSent: Tuesday, March 4, 2025\nTo: Tom\nSubject: RE: Yard",
    "From: Ines Sol\nSent: Tuesday\nTo: Tom Reyes;\n Sam Li\nSubject: Yard",
    "*From:* Ines Sol\n*Sent:* Tuesday\n*To:* Tom",
    "**From:** Ines Sol\n**Date:** Tuesday",
    "Von: Ines Sol\nGesendet: Dienstag\nAn: Tom\nBetreff: Hof",
]


@pytest.mark.parametrize("intro", INTROS)
def test_everything_below_the_head_of_an_earlier_message_is_not_the_reps(intro: str) -> None:
    draft = f"It does.\n\nBest,\nTom\n\n{intro}\n\nHi Tom,\n\nYou can plan all our roads, right?\n\nInes"
    assert said(draft) == ["It does."]


@pytest.mark.parametrize("intro", INTROS)
def test_answers_between_quoted_lines_are_the_reps_below_any_head(intro: str) -> None:
    draft = f"See below.\n\n{intro}\n\n> You plan all roads?\n\nWe plan the main ones.\n\n> Good.\n> Ines\n"
    assert said(draft) == ["See below.", "We plan the main ones."]


@pytest.mark.parametrize(
    "line",
    [
        "On pricing, our CFO wrote:",
        "On Monday we plan every road.",
        "From: our side nothing is missing",
        "Sent to you by Friday.",
    ],
)
def test_a_line_that_only_looks_like_a_head_hides_nothing(line: str) -> None:
    assert said(f"Hello.\n\n{line}\nIt is free.\n\nIt never fails.")[-2:] == ["It is free.", "It never fails."]


def test_the_headers_of_a_pasted_mail_are_passed_over_and_its_subject_is_a_heading() -> None:
    draft = (
        "From: Tom Reyes <tom@haul.example>\r\nTo: Ines Sol;\r\n  Sam Li\r\nDate: Tue, 4 Mar 2025\r\n"
        "Subject: RE: FW: Routes that\r\n plan themselves\r\n\r\nHi Ines,\r\n\r\nIt just works.\r\n"
    )
    found = units(draft)
    assert [(unit.text, unit.kind) for unit in found] == [
        ("Routes that plan themselves", "heading"),
        ("It just works.", "sentence"),
    ]


@pytest.mark.parametrize("start", ["Subject: ", "**Subject:** ", "SUBJECT: Re: ", "Here is the mail.\n\nSubject: "])
def test_a_subject_line_stands_alone_too(start: str) -> None:
    assert units(f"{start}Routes plan themselves\n\nHi Ines,\n\nIt works.")[-2].text == "Routes plan themselves"


@pytest.mark.parametrize("line", ["A: we plan every road", "Data: we plan every road", "Priority: we plan every road"])
def test_a_label_at_the_top_is_no_mail_header(line: str) -> None:
    assert said(f"{line}\nB: it never fails\n") == ["we plan every road", "it never fails"]


@pytest.mark.parametrize("fence", ["```", "~~~", "````"])
def test_fenced_code_is_not_read(fence: str) -> None:
    draft = f"Paste this:\n\n{fence}yaml\nWe can plan it.\n\n# It is free.\n{fence}\n\nIt never fails."
    assert said(draft) == ["Paste this:", "It never fails."]


def test_a_fence_that_is_never_closed_hides_nothing() -> None:
    assert said("```\nWe can plan every road.") == ["We can plan every road."]


def test_code_and_scripts_of_html_are_not_read() -> None:
    draft = (
        "<html><head><title>We plan</title><style>p {color: red}</style></head><body><!-- It is free. -->"
        "<p>It just works.</p><pre><code>plan everything now.</code></pre>"
        "<script>say('It is free.')</script></body></html>"
    )
    assert said(draft) == ["It just works."]


GMAIL = (
    '<div dir="ltr"><div>Hi Ines,</div><div><br></div><div>The planner <i>learns</i> every road&nbsp;&amp; yard. '
    "It&#39;s free!</div><ul><li>Scope: both yards</li><li>no training needed</li></ul><div>Best,<br>Tom</div></div>"
    '<br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Tue, Mar 4, 2025 at 9:12 AM Ines Sol &lt;'
    '<a href="mailto:ines@haul.example">ines@haul.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote">'
    "<div>You plan all our roads, right?</div></blockquote></div>"
)
OUTLOOK = (
    '<html xmlns:o="urn:x"><head><meta charset="utf-8"></head>\r\n<body lang="EN-US"><div class="WordSection1">\r\n'
    '<p class="MsoNormal">Hello Ines,<o:p></o:p></p>\r\n<p class="MsoNormal">The planner learns\r\nevery road.'
    '<o:p></o:p></p>\r\n<p class="MsoListParagraph">\u00b7<span>&nbsp;&nbsp;</span>it never fails<o:p></o:p></p>\r\n'
    '<p class="MsoNormal">Regards,<o:p></o:p></p><p class="MsoNormal">Tom Reyes<o:p></o:p></p>'
    '<div><p class="MsoNormal"><b>From:</b> Ines Sol<br><b>Sent:</b> Tuesday<br><b>To:</b> Tom<br><b>Subject:</b> Yard'
    '</p></div><p class="MsoNormal">You plan all our roads, right?</p></div></body></html>'
)


def test_an_html_mail_of_gmail_is_read_as_its_reader_sees_it() -> None:
    assert said(GMAIL) == [
        "The planner learns every road & yard.",
        "It's free!",
        "both yards",
        "no training needed",
    ]


def test_an_html_mail_of_outlook_is_read_as_its_reader_sees_it() -> None:
    assert [(unit.text, unit.kind) for unit in units(OUTLOOK)] == [
        ("The planner learns every road.", "sentence"),
        ("it never fails", "item"),
    ]


def test_a_tag_that_html_does_not_know_is_text_in_a_plain_mail() -> None:
    assert said("Put <your name> here.") == ["Put <your name> here."]


def test_an_earlier_message_below_a_phone_signature_is_not_the_reps() -> None:
    draft = "it never fails\n\nSent from my iPhone\n\n> On Mar 4, 2025, at 9:12, Ines wrote:\n> \n> You plan roads?\n"
    assert said(draft) == ["it never fails"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f"])
def test_any_line_ending_ends_a_line(end: str) -> None:
    draft = end.join(["Hi Ines,", "", "It never fails.", "> Really?", "- it is free", "", "Best,", "Tom"])
    assert said(draft) == ["It never fails.", "it is free"]


@given(drafts())
def test_the_lines_are_in_order_and_apart_for_any_text(draft: str) -> None:
    lines = anatomy(draft).lines
    assert all(0 <= line.start <= line.end <= len(draft) for line in lines)
    assert all(first.end <= second.start for first, second in pairwise(lines))
    for line in lines:
        assert len(line.shown.text) == len(line.shown.starts) == len(line.shown.ends)
        assert_ordered([*line.shown.starts], line.start, line.end)


def assert_ordered(places: Sequence[int], start: int, end: int) -> None:
    assert list(places) == sorted(places)
    assert all(start <= place < end for place in places)


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "\n",
            "> a\n",
            "On 1\n",
            "From: a\n",
            "-----Original Message-----\n",
            "<",
            "<a ",
            "<!--",
            "<script>",
            "```\n",
            "&",
        ),
        *("```x\n", "<blockquote>", "</b>", "<p>", "Best,\n\n", "Hi A,\n\n", "-- \n", "=", "\ud800", "a: ", "P.S. "),
    ],
)
def test_two_hundred_thousand_characters_of_anything_take_a_moment(piece: str) -> None:
    started = perf_counter()
    anatomy(piece * (200_000 // len(piece)))
    assert perf_counter() - started < 5
