"""Reads a message as a command: the same words in every channel."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.admin_commands import AdminCommand, Malformed, parse_admin
from bot.core.messages import Reaction
from bot.core.replies import HelpEntry


@dataclass(frozen=True, slots=True)
class AskCommand:
    """A question: any text that is no other command."""

    question: str


@dataclass(frozen=True, slots=True)
class ReviewCommand:
    """A draft to review, exactly as it was written."""

    draft: str


@dataclass(frozen=True, slots=True)
class GuideCommand:
    """The guide's rows, searched for `words` when there are any."""

    words: str


@dataclass(frozen=True, slots=True)
class HelpCommand:
    """What the coach can do; `about` is what was not understood."""

    about: str = ""


@dataclass(frozen=True, slots=True)
class ForgetCommand:
    """Erase what is kept about the person who asks."""


@dataclass(frozen=True, slots=True)
class ReactCommand:
    """What the person thinks of the thread's last answer."""

    reaction: Reaction


@dataclass(frozen=True, slots=True)
class AnnounceCommand:
    """Tell the move at a position of the trail of versions; nobody can write it."""

    position: int


Command = (
    AskCommand
    | ReviewCommand
    | GuideCommand
    | HelpCommand
    | ForgetCommand
    | ReactCommand
    | AnnounceCommand
    | AdminCommand
    | Malformed
)

HELP = (
    HelpEntry("any question", "answered from the lessons, with the lines it rests on"),
    HelpEntry("review + a draft", "finds what the guide says not to say and puts the approved wording in its place"),
    HelpEntry("guide [words]", "what not to say, what to say instead, and why"),
    HelpEntry("+1 or -1", "says that the last answer was good, or not"),
    HelpEntry("forget me", "erases what is kept about you"),
    HelpEntry("help", "this list"),
)

_REVIEW = re.compile(
    r"\s*/?review\b[ \t]*"
    # "this draft" and the like, but only as words of their own: "review This roof ..." is all draft after "review".
    r"(?:(?:this|my|the)\b(?:[ \t]+following\b)?(?:[ \t]+(?:draft|e-?mail|message|note|reply|text|post)\b)?"
    r"[ \t]*(?=[:\r\n]|\Z))?"
    r":?[ \t]*(?:\r\n|\n|\r)?",
    re.IGNORECASE,
)
# Possessive, so that a message with long runs of white space costs no more than its length.
_GUIDE = re.compile(r"\s*+/?guide\b\s*+:?\s*+(?P<words>[^\n]*+)\s*+", re.IGNORECASE)
_REACTIONS: Mapping[str, Reaction] = {
    "+1": "up",
    ":+1:": "up",
    ":thumbsup:": "up",
    "\N{THUMBS UP SIGN}": "up",
    "-1": "down",
    ":-1:": "down",
    ":thumbsdown:": "down",
    "\N{THUMBS DOWN SIGN}": "down",
}
_FORGET = re.compile(r"\s*+/?forget me\s*+[.!]?\s*+", re.IGNORECASE)
_HELP = re.compile(r"\s*+/?(?:help|\?)\s*+[.!?]?\s*+", re.IGNORECASE)
_UNKNOWN = re.compile(r"\s*(?P<word>/\w+)(?:\s|$)")
_GREETING = re.compile(
    r"(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening))\b[^\n?]{0,60}[,:!]?|[\w .'-]{2,40},)", re.IGNORECASE
)
_SIGN_OFF = re.compile(
    r"(?:best|thanks|thank you|regards|kind regards|cheers|sincerely|yours|respectfully|talk soon|v/r|warmly|take care)"
    r"\b[^\n]{0,40}",
    re.IGNORECASE,
)
_MAIL_HEADER = re.compile(r"(?:from|to|subject|date|sent|cc):\s", re.IGNORECASE)


def parse(text: str) -> Command:
    """Reads one message; whatever is no command and no pasted e-mail is a question."""
    if not text.strip():
        return HelpCommand()
    if _HELP.fullmatch(text):
        return HelpCommand()
    if _FORGET.fullmatch(text):
        return ForgetCommand()
    if reaction := _REACTIONS.get(text.strip()):
        return ReactCommand(reaction)
    if admin := parse_admin(text):
        return admin
    if guide := _GUIDE.fullmatch(text):
        return GuideCommand(guide["words"].strip())
    if review := _REVIEW.match(text):
        return ReviewCommand(text[review.end() :])
    if unknown := _UNKNOWN.match(text):
        return HelpCommand(about=unknown["word"])
    if looks_like_email(text):
        return ReviewCommand(text)
    return AskCommand(text.strip())


def is_courtesy(text: str) -> bool:
    """Whether a message only greets, or thanks."""
    return bool(_GREETING.fullmatch(text.strip()) or _SIGN_OFF.fullmatch(text.strip()))


def looks_like_email(text: str) -> bool:
    """Whether a message is a pasted e-mail: several lines that open with headers or a greeting, or close as one."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    if len(lines) < 3:
        return False
    opens = bool(_MAIL_HEADER.match(lines[0]) or _GREETING.fullmatch(lines[0]))
    closes = any(_SIGN_OFF.fullmatch(line.rstrip(",.!")) for line in lines[-6:])
    return opens or closes
