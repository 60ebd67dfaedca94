"""Which requests the API refuses, and with what error."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import get_args, get_type_hints

from anthropic.types import MessageCountTokensParams, OutputConfigParam
from anthropic.types.message_create_params import MessageCreateParamsStreaming

from tests.claude.asked import Asked, Body, blocks_of, messages_of
from tests.claude.content_rules import citation_faults, message_faults, system_faults
from tests.claude.models import ALWAYS_THINK, KNOWN, TAKE_SAMPLING
from tests.claude.schema_rules import schema_faults
from tests.claude.tokens import prompt_tokens

LARGEST_BODY = 32 * 1024 * 1024
CONTEXT = 200_000
"""Tokens that a prompt may have."""
MOST_BREAKPOINTS = 4
LEAST_THINKING = 1_024
SENT_AS_HEADERS = {"user_profile_id", "workspace_id"}
FIELDS = set(MessageCreateParamsStreaming.__annotations__) - SENT_AS_HEADERS
COUNT_FIELDS = set(MessageCountTokensParams.__annotations__) - SENT_AS_HEADERS
SAMPLING = {"temperature", "top_p", "top_k"}
EFFORTS = {name for part in get_args(get_type_hints(OutputConfigParam)["effort"]) for name in get_args(part)}


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a request is refused, as the API's error says it."""

    status: int
    type: str
    message: str


Rules = Callable[[Asked, int], Fault | None]
"""Gives the fault of a request whose body has that many bytes, None for a good one."""


def api_rules(asked: Asked, size: int) -> Fault | None:
    """The first fault that the API finds."""
    if size > LARGEST_BODY:
        return Fault(413, "request_too_large", "Request exceeds the maximum size")
    if fault := header_fault(asked):
        return fault
    message = next(faults(asked.body, counts_only=asked.counts_only), None)
    if message is not None:
        return Fault(400, "invalid_request_error", message)
    if asked.body["model"] not in KNOWN:
        return Fault(404, "not_found_error", f"model: {asked.body['model']}")
    if (tokens := prompt_tokens(asked.body)) > CONTEXT:
        return Fault(400, "invalid_request_error", f"prompt is too long: {tokens} tokens > {CONTEXT} maximum")
    return None


def header_fault(asked: Asked) -> Fault | None:
    """The fault of a request's headers, whatever it asks."""
    if not (asked.headers.get("x-api-key") or asked.headers.get("authorization", "").startswith("Bearer ")):
        return Fault(401, "authentication_error", "x-api-key header is required")
    if "anthropic-version" not in asked.headers:
        return Fault(400, "invalid_request_error", "anthropic-version: header is required")
    return None


def faults(body: Body, *, counts_only: bool = False) -> Iterator[str]:
    """Messages of every invalid_request_error in a body."""
    return chain(
        field_faults(body, counts_only=counts_only),
        message_faults(body),
        system_faults(body),
        citation_faults(body),
        breakpoint_faults(body),
        output_faults(body),
        thinking_faults(body),
        model_faults(body),
    )


def field_faults(body: Body, *, counts_only: bool) -> Iterator[str]:
    """Top-level fields that lack, are unknown or of the wrong kind."""
    required = ("model", "messages") if counts_only else ("model", "max_tokens", "messages")
    yield from (f"{name}: Field required" for name in required if name not in body)
    known = (COUNT_FIELDS if counts_only else FIELDS) | (SAMPLING if body.get("model") in TAKE_SAMPLING else set())
    for name in body:
        if name in SAMPLING - known:
            yield f"{name}: is not supported by this model"
        elif name not in known:
            yield f"{name}: Extra inputs are not permitted"
    if not isinstance(body.get("model", ""), str):
        yield "model: Input should be a valid string"
    limit = body.get("max_tokens", 1)
    if not isinstance(limit, int) or isinstance(limit, bool):
        yield "max_tokens: Input should be a valid integer"
    elif limit < 0:
        yield "max_tokens: Input should be greater than or equal to 0"
    for name in ("output_config", "thinking", "tool_choice"):
        if not isinstance(body.get(name, {}), dict):
            yield f"{name}: Input should be an object"
    if not isinstance(body.get("stream", False), bool):
        yield "stream: Input should be a valid boolean"


def breakpoint_faults(body: Body) -> Iterator[str]:
    """Cache breakpoints that are too many, of unknown kind, or the shorter-lived before the longer-lived."""
    blocks = [
        *blocks_of(body.get("tools")),
        *blocks_of(body.get("system")),
        *(block for message in messages_of(body) for block in blocks_of(message.get("content"))),
        body,
    ]
    controls = [control for block in blocks if (control := block.get("cache_control")) is not None]
    if len(controls) > MOST_BREAKPOINTS:
        yield f"A maximum of {MOST_BREAKPOINTS} blocks with cache_control may be provided. Found {len(controls)}."
    for control in controls:
        if not isinstance(control, dict) or control.get("type") != "ephemeral" or control.keys() - {"type", "ttl"}:
            yield "cache_control: Input should be {'type': 'ephemeral', 'ttl': '5m' or '1h'}"
        elif control.get("ttl", "5m") not in ("5m", "1h"):
            yield "cache_control.ttl: Input should be '5m' or '1h'"
    lives = [control.get("ttl", "5m") for control in controls if isinstance(control, dict)]
    if any(earlier == "5m" and later == "1h" for earlier, later in pairwise(lives)):
        yield "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block."


def output_faults(body: Body) -> Iterator[str]:
    """Faults of the effort and of the format."""
    config = body.get("output_config") or {}
    yield from (
        f"output_config.{name}: Extra inputs are not permitted" for name in config.keys() - {"effort", "format"}
    )
    if config.get("effort") is not None and config["effort"] not in EFFORTS:
        yield "output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'"
    if (format_ := config.get("format")) is None:
        return
    if not isinstance(format_, dict) or format_.get("type") != "json_schema" or format_.keys() != {"type", "schema"}:
        yield "output_config.format: Input should be {'type': 'json_schema', 'schema': …}"
        return
    yield from (f"output_config.format.schema: {fault}" for fault in schema_faults(format_["schema"]))


def thinking_faults(body: Body) -> Iterator[str]:
    """Thinking of unknown kind, or whose budget does not fit."""
    thinking = body.get("thinking") or {"type": "adaptive"}
    kind = thinking.get("type")
    if kind not in ("adaptive", "between_tools", "disabled", "enabled"):
        yield "thinking.type: Input should be 'adaptive', 'between_tools', 'disabled' or 'enabled'"
    if kind != "enabled":
        return
    budget = thinking.get("budget_tokens")
    if not isinstance(budget, int) or budget < LEAST_THINKING:
        yield f"thinking.enabled.budget_tokens: Input should be greater than or equal to {LEAST_THINKING}"
    elif "max_tokens" in body and body["max_tokens"] <= budget:
        yield "`max_tokens` must be greater than `thinking.budget_tokens`."


def model_faults(body: Body) -> Iterator[str]:
    """What this model does not take though others do."""
    model, thinking, choice = body.get("model"), body.get("thinking") or {}, body.get("tool_choice") or {}
    if model in ALWAYS_THINK and thinking.get("type") == "disabled":
        yield f"thinking.type: 'disabled' is not supported by {model}"
    if model in ALWAYS_THINK and choice.get("type") in ("any", "tool"):
        yield f"tool_choice.type: '{choice['type']}' is not supported by {model}"
    messages = messages_of(body)
    if model not in TAKE_SAMPLING and messages and messages[-1].get("role") == "assistant":
        yield "This model does not support assistant message prefill. The conversation must end with a user message."
