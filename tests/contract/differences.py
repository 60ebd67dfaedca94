"""Where channels differ in more than form: what one of them lacks by design, and what a person has there instead."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.choices import Choice
from tests.contract.shown import Answered, Reviewed, Shown, Told

GAP = "\N{HORIZONTAL ELLIPSIS}"
UNKNOWN = Answered(
    lines=("The lessons do not answer this. They cover Gutters; Moss; Flashing; Field Language Guide.",),
    version=1,
)
"""The answer to a question that shares no word with the lesson."""


class Thing(StrEnum):
    """What a channel may lack."""

    STAMP = "the version that made a reply, below it"
    WHOLE_DRAFT = "the whole rewritten draft, ready to copy"
    USE = "the choice to use what is to be said instead"
    KEEP = "the choice to keep one's own words"
    NOT_MEANT = "the choice to say that one meant something else"
    REASON = "a word on why one's own words stay"
    COMMANDS = "words that are no question but a command: help, forget me, +1, prompts, rollback"
    BLANKS = "every blank of a draft: tabs, two in a row, those that end a line, those without width"
    TURNS = "characters that turn the order of a draft's text, as they are"
    EMPTY = "an answer to nothing at all"
    EMPTY_DRAFT = "the coach's own word on a draft without words"


@dataclass(frozen=True, slots=True)
class Difference:
    """`channel` lacks `thing`; `instead` is what a person has or does there, `told` what they see, if anything."""

    channel: str
    thing: Thing
    instead: str
    told: Shown | None = None


DIFFERENCES = (
    Difference("slack", Thing.TURNS, "U+FFFD stands for each, in the draft to copy too"),
    Difference("teams", Thing.TURNS, "as in Slack"),
    Difference("teams", Thing.BLANKS, "Teams hands over what it shows of a message; a file that is sent keeps them"),
    Difference(
        "terminal", Thing.STAMP, "`prompts` tells admins which version is live, `coach ask --json` each reply's"
    ),
    Difference("terminal", Thing.WHOLE_DRAFT, "the lines that change, old and new, each with its neighbours"),
    Difference("terminal", Thing.USE, "the comparison shows both wordings; the draft is edited where it is written"),
    Difference("terminal", Thing.KEEP, "as above"),
    Difference("terminal", Thing.NOT_MEANT, "as above"),
    Difference("terminal", Thing.REASON, "nothing is learnt from what is not decided there"),
    Difference("terminal", Thing.TURNS, "shown as their escapes, as is all that could control a terminal"),
    Difference("terminal", Thing.EMPTY, "the prompt passes blank lines over", None),
    Difference("page", Thing.COMMANDS, "the page has forms and a panel: whatever is typed is a question", UNKNOWN),
    Difference("page", Thing.EMPTY, "the form says what it needs", Told("Write a question first.")),
    Difference("page", Thing.EMPTY_DRAFT, "the form says what it needs", Told("Paste a draft first.")),
)
"""The only ones there may be."""

CHANNELS = ("slack", "teams", "terminal", "page")
"""Every channel that is served, by name."""
_CHOICES = {Thing.USE: Choice.USE, Thing.KEEP: Choice.KEEP, Thing.NOT_MEANT: Choice.NOT_MEANT}


def lacks(channel: str, thing: Thing) -> bool:
    """Whether a channel lacks something."""
    return any((each.channel, each.thing) == (channel, thing) for each in DIFFERENCES)


def lacking(thing: Thing) -> list[str]:
    """The channels that lack something."""
    return [channel for channel in CHANNELS if lacks(channel, thing)]


def having(*things: Thing) -> list[str]:
    """The channels that lack none of these."""
    return [channel for channel in CHANNELS if not any(lacks(channel, thing) for thing in things)]


def told(channel: str, thing: Thing) -> Shown | None:
    """What a person sees in a channel that lacks something."""
    (found,) = [each.told for each in DIFFERENCES if (each.channel, each.thing) == (channel, thing)]
    return as_in(channel, found) if found else None


def as_in(channel: str, shown: Shown) -> Shown:
    """What a person sees in this channel where in one that lacks nothing they would see `shown`."""
    if isinstance(shown, Answered | Reviewed) and lacks(channel, Thing.STAMP):
        shown = replace(shown, version=None)
    if not isinstance(shown, Reviewed):
        return shown
    offered = tuple(choice for thing, choice in _CHOICES.items() if not lacks(channel, thing))
    changes = tuple(
        replace(change, offered=offered, reason="" if lacks(channel, Thing.REASON) else change.reason)
        for change in shown.changes
    )
    draft = shown.draft
    if draft is not None and lacks(channel, Thing.WHOLE_DRAFT):
        draft = _around(draft.split("\n"), [change.instead for change in changes])
    return replace(shown, changes=changes, draft=draft)


def _around(lines: list[str], changed: Iterable[str]) -> str:
    """The lines that hold any of these words, each with its neighbours, and `GAP` where others are left out."""
    words = tuple(changed)
    holding = {number for number, line in enumerate(lines) if any(each in line for each in words)}
    kept = [any(abs(number - each) <= 1 for each in holding) for number in range(len(lines))]
    shown: list[str] = []
    for line, is_kept in zip(lines, kept, strict=True):
        if is_kept:
            shown.append(line)
        elif shown[-1:] != [GAP]:
            shown.append(GAP)
    return "\n".join(shown)
