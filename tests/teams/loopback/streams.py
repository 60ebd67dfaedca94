"""Streamed messages: a chat with one person, whole texts in sequence, two minutes at the most.

The codes are those of https://learn.microsoft.com/microsoftteams/platform/bots/streaming-ux ("Response codes"). That
the final message's text may be neither another one nor empty is in microsoft/Agents-for-net, 251 and 315. What a second
stream in a chat is answered, and a PUT to a stopped one, is a guess.
"""

from tests.teams.loopback import posting
from tests.teams.loopback.state import RefusedError, State, Status
from tests.teams.loopback.workspace import BOT, Conversation, Json, Message, Stream

INFORMATIVE_MOST = 1_000
CANCELED = "Content stream was canceled by user."
_LATE = "Content stream finished due to exceeded streaming time."
_DONE = "Content stream is not allowed on an already completed streamed message"
_OTHER_TEXT = "Request streamed content should contain the previously streamed content."
_ONLY_FINAL = ("attachments", "suggestedActions")
_LOOPS = ("feedbackLoop", "feedbackLoopEnabled")


def info_of(activity: Json) -> Json | None:
    """The streaminfo of an activity, if it has one."""
    entities = activity.get("entities")
    for each in entities if isinstance(entities, list) else ():
        if isinstance(each, dict) and each.get("type") == "streaminfo":
            return each
    return None


def stream(state: State, there: Conversation, activity: Json) -> tuple[int, Json]:
    """Starts a stream, goes on with it, or ends it."""
    info = info_of(activity) or {}
    kind = info.get("streamType", "streaming")
    if there.kind != "personal" or not state.settings.streams:
        raise _not_allowed("Content stream is not allowed")
    if kind not in ("informative", "streaming", "final"):
        raise _bad(f"Unknown streamType: {kind}")
    if posting.size(activity) > posting.MESSAGE_BYTES_MOST:
        raise _not_allowed("Message size too large")
    text = activity.get("text")
    if not isinstance(text, str) or not text.strip():
        step = "End" if kind == "final" else "Continue" if info.get("streamId") else "Start"
        raise _bad(f"{step} streaming activities should include text")
    if kind == "final":
        return _end(state, there, activity, info)
    _checked_piece(activity, kind, text)
    if info.get("streamId") is None:
        return _start(state, there, kind, text, info)
    return _go_on(state, there, kind, text, info)


def _start(state: State, there: Conversation, kind: str, text: str, info: Json) -> tuple[int, Json]:
    workspace, settings = state.workspace, state.settings
    if info.get("streamSequence") != 1:
        raise _bad("Start streaming activities should have a streamSequence of 1")
    now = workspace.now()
    last = there.streamed.stream if there.streamed is not None else None
    goes_on = last is not None and last.state == "open" and now - last.started <= settings.stream_seconds
    if goes_on and settings.one_stream_a_chat:
        raise _not_allowed("Content stream is not allowed")
    message = Message(workspace.new_id(), there.id, BOT, now, stream=Stream(now, now, 1))
    there.streamed = message
    workspace.write(message)
    _show(state, message, kind, text)
    return 201, {"id": message.id}


def _go_on(state: State, there: Conversation, kind: str, text: str, info: Json) -> tuple[int, Json]:
    message, running = _running(state, there, info)
    sequence = info.get("streamSequence")
    if isinstance(sequence, bool) or not isinstance(sequence, int):
        raise _bad("Continue streaming activities should have a streamSequence")
    if sequence <= running.sequence:
        refused = RefusedError(
            202,
            "ContentStreamSequenceOrderPreConditionFailed",
            "PreCondition failed exception when processing streaming activity.",
        )
        state.faults.append(f"stream {message.id}: sequence {sequence} after {running.sequence} was dropped")
        raise refused
    if sequence != running.sequence + 1:
        state.faults.append(f"stream {message.id}: sequence {sequence} after {running.sequence}")
    now = state.workspace.now()
    if now - running.touched < state.settings.stream_interval:
        raise RefusedError(429, message="API calls quota exceeded")
    if kind == "informative" and running.text:
        raise _bad("Informative updates are not allowed once content has been streamed")
    _contains(state, message, running, text if kind == "streaming" else running.text)
    running.sequence, running.touched = sequence, now
    _show(state, message, kind, text)
    return 202, {}


def _end(state: State, there: Conversation, activity: Json, info: Json) -> tuple[int, Json]:
    if activity.get("type") != "message":
        raise _bad("End streaming activities should be of type message")
    if "streamSequence" in info:
        raise _bad("End streaming activities should not have a streamSequence")
    if not info.get("streamId"):
        raise _bad("End streaming activities should have a streamId")
    message, running = _running(state, there, info)
    posting.check(state, there.id, activity)
    _contains(state, message, running, activity["text"])
    posting.fill(message, activity)
    running.state = "completed"
    state.change(message)
    return 202, {}


def _running(state: State, there: Conversation, info: Json) -> tuple[Message, Stream]:
    """The stream that a call names.

    Raises:
        RefusedError: there is none, or it has ended.
    """
    message = posting.own(state, there.id, str(info["streamId"]))
    running = message.stream
    if running is None or running.state == "completed":
        raise _not_allowed(_DONE)
    if running.state == "canceled":
        raise _not_allowed(CANCELED)
    if state.workspace.now() - running.started > state.settings.stream_seconds:
        raise _not_allowed(_LATE)
    return message, running


def _checked_piece(activity: Json, kind: str, text: str) -> None:
    if activity.get("type") != "typing":
        raise _bad("Streaming activities should be of type typing")
    if kind == "informative" and len(text) > INFORMATIVE_MOST:
        raise _bad(f"Informative text should not be longer than {INFORMATIVE_MOST} characters")
    early = [name for name in _ONLY_FINAL if activity.get(name)]
    early += [name for name in _LOOPS if (activity.get("channelData") or {}).get(name)]
    early += ["a label" for each in activity["entities"] if isinstance(each, dict) and each.get("additionalType")]
    if early:
        raise _bad(f"Only the final streaming activity may have {', '.join(early)}")


def _contains(state: State, message: Message, running: Stream, text: str) -> None:
    if not text.startswith(running.text.rstrip()):
        state.faults.append(f"stream {message.id}: shrunk, {running.text!r} became {text!r}")
        raise _not_allowed(_OTHER_TEXT)


def _show(state: State, message: Message, kind: str, text: str) -> None:
    if kind == "informative":
        state.statuses.append(Status(message.conversation, text))
    elif message.stream is not None:
        message.text = message.stream.text = text
    state.change(message)


def _not_allowed(words: str) -> RefusedError:
    return RefusedError(403, "ContentStreamNotAllowed", words)


def _bad(words: str) -> RefusedError:
    return RefusedError(400, "BadRequest", words)
