"""What a writer decides about a finding, as the page sends it, and what it gets back."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from bot.channels.review_words import decided
from bot.channels.web.bodies import name_field
from bot.channels.wire import Json
from bot.core.choices import Choice, Chosen
from bot.core.open_reviews import CLOSED, MAX_REASON
from bot.core.replies import Refused

CHOICES: Mapping[object, Choice] = {choice.value: choice for choice in Choice}


@dataclass(frozen=True, slots=True)
class SentDecision:
    """A decision about the replacement at `place` of the review of this name."""

    review: str
    place: int
    chosen: Chosen


def sent_decision(body: Mapping[str, object]) -> SentDecision:
    """Reads a decision.

    Raises:
        web.HTTPBadRequest: there is none, or one of its fields is not what it takes.
        web.HTTPRequestEntityTooLarge: the reason has more than `MAX_REASON` code points.
    """
    review = name_field(body, "review")
    if review is None:
        raise web.HTTPBadRequest(text='Send {"review", "place", "choice"}: "review" is missing.')
    place, choice = _place(body), _choice(body)
    return SentDecision(review, place, Chosen(choice, _reason(body, choice), _may_show(body)))


def decided_json(chosen: Chosen) -> Json:
    """`{"choice", "reason", "may_show", "says"}`: the decision as it is noted, and the line that tells it."""
    return {
        "choice": chosen.choice.value,
        "reason": chosen.reason,
        "may_show": chosen.may_show,
        "says": "".join(decided(chosen)),
    }


def refused_status(refused: Refused) -> HTTPStatus:
    """Tells a review that is not kept any more, and one of somebody else, from what may be tried again."""
    if refused.denied:
        return HTTPStatus.FORBIDDEN
    return HTTPStatus.GONE if refused == CLOSED else HTTPStatus.CONFLICT


def _place(body: Mapping[str, object]) -> int:
    place = body.get("place")
    if not isinstance(place, int) or isinstance(place, bool) or place < 0:
        raise web.HTTPBadRequest(text='"place" takes the number of a replacement in "edits", from 0.')
    return place


def _choice(body: Mapping[str, object]) -> Choice:
    choice = body.get("choice")
    if not isinstance(choice, str) or choice not in CHOICES:
        raise web.HTTPBadRequest(text='"choice" takes "use", "keep" or "not meant".')
    return CHOICES[choice]


def _reason(body: Mapping[str, object], choice: Choice) -> str:
    reason = body.get("reason", "")
    if not isinstance(reason, str):
        raise web.HTTPBadRequest(text='"reason" takes text.')
    if reason and choice is not Choice.KEEP:
        raise web.HTTPBadRequest(text='A "reason" goes with the choice "keep" alone.')
    if len(reason) > MAX_REASON:
        raise web.HTTPRequestEntityTooLarge(
            max_size=MAX_REASON,
            actual_size=len(reason),
            text=f"The reason has {len(reason):,} characters; at most {MAX_REASON:,} are taken.",
        )
    return reason


def _may_show(body: Mapping[str, object]) -> bool:
    may_show = body.get("may_show", False)
    if not isinstance(may_show, bool):
        raise web.HTTPBadRequest(text='"may_show" takes true or false.')
    return may_show
