"""The methods assistant.threads.*: the status below a thread, and the prompts that a person may pick."""

from tests.slack.loopback.arguments import needed
from tests.slack.loopback.places import place
from tests.slack.loopback.state import RefusedError, State, Status
from tests.slack.loopback.workspace import Json

STATUS_SECONDS = 120.0
_LOADING_MOST = 10
_PROMPTS_MOST = 4


def set_status(state: State, given: Json) -> Json:
    id_, thread_ts = needed(given, "channel_id", "thread_ts")
    text = given.get("status")
    if not isinstance(text, str):
        raise RefusedError("invalid_arguments", messages=["[ERROR] missing required field: status"])
    channel = place(state, id_)
    message = state.workspace.message(channel.id, thread_ts)
    if message is None:
        raise RefusedError("invalid_thread_ts")
    loading = given.get("loading_messages") or []
    if not isinstance(loading, list) or len(loading) > _LOADING_MOST:
        raise RefusedError("invalid_arguments", messages=["[ERROR] no more than 10 items allowed"])
    key = (channel.id, message.root)
    state.status_log.append((*key, text))
    if text:
        state.statuses[key] = Status(text, state.workspace.now(), list(map(str, loading)))
    else:
        state.statuses.pop(key, None)
    state.change()
    return {}


def set_suggested_prompts(state: State, given: Json) -> Json:
    (id_,) = needed(given, "channel_id")
    channel = place(state, id_)
    prompts = given.get("prompts")
    if not isinstance(prompts, list) or not prompts:
        raise RefusedError("invalid_arguments", messages=["[ERROR] missing required field: prompts"])
    if len(prompts) > _PROMPTS_MOST:
        raise RefusedError("invalid_arguments", messages=["[ERROR] no more than 4 items allowed"])
    for each in prompts:
        if not isinstance(each, dict) or not each.get("title") or not each.get("message"):
            raise RefusedError("invalid_arguments", messages=["[ERROR] missing required field: title"])
    if "thread_ts" not in given:  # an agent app gets no error with it, and no prompts
        state.prompts[channel.id] = prompts
    state.change()
    return {}


def status(state: State, channel: str, thread_ts: str) -> str:
    """What the thread shows now, "" if nothing; it goes by itself after two minutes."""
    found = state.statuses.get((channel, thread_ts))
    return found.text if found and state.workspace.now() - found.at <= STATUS_SECONDS else ""
