"""Random fault scripts: what the model's server does with the requests of one message, one after the other."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from anthropic.types import StopReason
from hypothesis import strategies as st

from bot.core.replies import Fallback
from tests.claude.asked import Asked
from tests.claude.behaviours import (
    Behaviour,
    BreaksOff,
    Fails,
    How,
    Json,
    Pace,
    Refuses,
    Reply,
    Stalls,
    Text,
    Thinking,
    saying,
)
from tests.claude.brain import brain
from tests.engines.claude.asking import CLEAR_CITED, GOOD, LEAVES, NEVER_LEAKS, TEN_YEARS, YEARS_CITED

Step = Behaviour | Callable[[Asked], Behaviour]
"""One request's behaviour; `brain` itself is the good model."""

GUTTERS = Text(LEAVES, cites=((1, 1, 2),))
GLUE = Text(" ")
HUGE = 600

ANSWERS: Mapping[str, Reply] = {
    "good": GOOD,
    "three sentences": Reply((YEARS_CITED, GLUE, CLEAR_CITED, Text("\n\n"), GUTTERS)),
    "thinking first": Reply((Thinking("Let me see."), Thinking(), CLEAR_CITED, GLUE, GUTTERS)),
    "citations first": Reply((replace(CLEAR_CITED, citations_first=True), GLUE, GUTTERS)),
    "stops at a sequence": replace(GOOD, stop_reason="stop_sequence"),
    "uncited": saying("Clear the gutters every autumn. Leaves hold water."),
    "half uncited": Reply((CLEAR_CITED, Text(" Roofers call that the golden rule of the trade."))),
    "cites another line": Reply((Text(f"{LEAVES} That costs 400 dollars.", cites=((0, 0, 1),)), GLUE, YEARS_CITED)),
    "cites a don't-say": Reply((Text("A roof cannot leak at all.", cites=((2, 0, 1),)), GLUE, CLEAR_CITED)),
    "claims": Reply((CLEAR_CITED, GLUE, Text(f"{NEVER_LEAKS}.", cites=((2, 0, 3),)))),
    "claims first": Reply((Text(f'Tell them: "{NEVER_LEAKS}".', cites=((2, 1, 2),)), GLUE, CLEAR_CITED)),
    "says": Reply((CLEAR_CITED, Text("\n\n"), Text(f'Say: "{TEN_YEARS}"', cites=((2, 1, 2),)))),
    "marks of its own": Reply((Text("Clear the gutters [7] every autumn [1].", cites=((1, 0, 1),)),)),
    "empty": Reply(()),
    "blank": saying(" ", "\n"),
    "huge": Reply((Text("Clear the gutters every autumn. " * HUGE, cites=((1, 0, 1),)), GLUE, GUTTERS)),
}


def _edit(quote: str, row: int, replacement: str) -> Json:
    edit = {"quote": quote, "row": f"roof-care/{row}", "replacement": replacement}
    return Json(json.dumps({"edits": [edit]}))


EDITS: Mapping[str, Step] = {
    "good": brain,
    "half a JSON": Json('{"edits": [{"quote": "This roof ne'),
    "none": Json('{"edits": []}'),
    "a list": Json("[]"),
    "empty": Reply(()),
    "words": saying("I have no edits for you."),
    "a claim": _edit(NEVER_LEAKS, 1, "Our tiles last forever"),
    "an unknown row": _edit(NEVER_LEAKS, 9, TEN_YEARS),
    "words that hold no claim": _edit("Best", 1, ""),
    "a harmless sentence": _edit("See you on May 3", 2, "We will not meet"),
    "nothing in its place": _edit(f"{NEVER_LEAKS}.", 1, ""),
    "no strings": Json('{"edits": [{"quote": 1, "row": 2, "replacement": null}]}'),
    "nested": Json("[" * 3_000 + "]" * 3_000),
    "huge": _edit("x" * 30_000, 1, TEN_YEARS),
}
WHOLE_EDITS = Reply((Text(_edit(NEVER_LEAKS, 1, TEN_YEARS).text),))

B, A, S, D, C = Fallback.BUSY, Fallback.AWAY, Fallback.SLOW, Fallback.DENIED, Fallback.CUT_OFF
ERRORS: Mapping[tuple[int, str], Fallback] = {
    (400, "invalid_request_error"): D,
    (401, "authentication_error"): D,
    (403, "permission_error"): D,
    (404, "not_found_error"): D,
    (408, "timeout_error"): S,
    (409, "api_error"): A,
    (413, "request_too_large"): D,
    (429, "rate_limit_error"): B,
    (500, "api_error"): A,
    (502, "api_error"): A,
    (504, "timeout_error"): S,
    (529, "overloaded_error"): B,
}
BREAKS: Mapping[How, frozenset[Fallback]] = {
    How.ENDS: frozenset({C}),
    How.CLOSES: frozenset({A, C}),
    How.RESETS: frozenset({A, C}),
    How.OVERLOADED: frozenset({B}),
    How.API_ERROR: frozenset({A}),
    How.STALLS: frozenset({S}),
    How.GARBAGE: frozenset({A, C}),
    How.HALF_EVENT: frozenset({A, C}),
    How.BAD_JSON: frozenset({A, C}),
    How.BAD_UTF8: frozenset({A, C}),
}
STOPS: tuple[StopReason, ...] = ("max_tokens", "pause_turn", "tool_use", "model_context_window_exceeded")
PACES = (
    Pace(),
    Pace(),
    Pace(characters=3),
    Pace(characters=8, between=0.01),
    Pace(before_first=0.1),
    Pace(before_text=0.1),
    Pace(before_first=0.6),
    Pace(before_text=0.6),
    Pace(characters=8, between=0.3),
)
"""Most of them fit the times, the last three do not."""


@dataclass(frozen=True, slots=True)
class Act:
    """One step of a script, as the one who judges sees it; `told` is what a failing test prints of it.

    `whole` names the answer that it gives whole, None when it gives none; then `reasons` are what that may count as.
    `ends` says that nothing is asked after it.
    """

    step: Step = field(repr=False)
    told: str
    whole: str | None = None
    reasons: frozenset[Fallback] = frozenset()
    ends: bool = False


def events_in(reply: Reply) -> int:
    """Events of a reply: two before its blocks, two behind."""
    characters = (reply.pace or Pace()).characters
    sizes = (
        -(-len(block.text) // characters) + (1 if isinstance(block, Thinking) else len(block.cites))
        for block in reply.blocks
    )
    return 4 + sum(2 + size for size in sizes)


def failing() -> st.SearchStrategy[Act]:
    """Error statuses, with a `Retry-After` that fits the times, does not, or is none."""
    waits = st.sampled_from([None, None, 0, 0.05, 30, "Wed, 21 Oct 2065 07:28:00 GMT", "soon"])
    return st.builds(
        lambda error, wait, html: Act(
            Fails(error[0], error[1], wait, "<html>upstream went away</html>" if html else None),
            f"{error}, retry after {wait}, {'HTML' if html else 'JSON'}",
            reasons=frozenset({ERRORS[error], B, A, S, D} if html else {ERRORS[error]}),
        ),
        st.sampled_from(sorted(ERRORS)),
        waits,
        st.booleans(),
    )


def refusing(reply: Reply) -> st.SearchStrategy[Act]:
    """A refusal, at once or behind some of a reply, and stop reasons that make it no whole one."""
    refusal = frozenset({Fallback.REFUSED})
    refused = st.integers(0, len(reply.blocks)).map(
        lambda n: Act(Refuses(reply.blocks[:n]), f"refuses after {n} blocks", reasons=refusal, ends=True)
    )
    stopped = st.sampled_from(STOPS).map(
        lambda stop: Act(replace(reply, stop_reason=stop), stop, reasons=frozenset({C}), ends=True)
    )
    return refused | stopped


def breaking(reply: Reply) -> st.SearchStrategy[Act]:
    """A good reply that breaks off after any of its events but the last."""
    return st.builds(
        lambda pace, after, how: _broken(replace(reply, pace=pace), after, how),
        st.sampled_from(PACES[:4]),
        st.integers(0, 80),
        st.sampled_from(How),
    )


def _broken(reply: Reply, after: int, how: How) -> Act:
    after %= events_in(reply)
    return Act(BreaksOff(reply, after, how), f"{how.name} after {after} events, {reply.pace}", reasons=BREAKS[how])


def paced(step: Step, pace: Pace) -> Step:
    return replace(step, pace=pace) if isinstance(step, Reply | Json) else step


def replying(steps: Mapping[str, Step]) -> st.SearchStrategy[Act]:
    """A whole reply, at any pace."""
    return st.builds(
        lambda name, pace: Act(paced(steps[name], pace), f"{name}, {pace}", whole=name),
        st.sampled_from(sorted(steps)),
        st.sampled_from(PACES),
    )


def scripts(steps: Mapping[str, Step], whole: Reply) -> st.SearchStrategy[tuple[Act, ...]]:
    """Up to three acts; `whole` is what breaks off."""
    stalling = st.just(Act(Stalls(), "stalls", reasons=frozenset({S})))
    acts = st.one_of(replying(steps), replying(steps), failing(), refusing(whole), breaking(whole), stalling)
    return st.lists(acts, min_size=1, max_size=3).map(tuple)


@dataclass(frozen=True, slots=True)
class Message:
    """One message and the script of its requests; what comes after the script's end is the last act again."""

    is_draft: bool
    variant: int
    acts: tuple[Act, ...]


VARIANTS = st.integers(0, 9)
MESSAGES = st.one_of(
    st.builds(Message, st.just(False), VARIANTS, scripts(ANSWERS, ANSWERS["three sentences"])),
    st.builds(Message, st.just(True), VARIANTS, scripts(EDITS, WHOLE_EDITS)),
)
