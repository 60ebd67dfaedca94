"""The methods views.*: a person's stack of modals, and their App Home."""

from tests.slack.loopback.arguments import needed
from tests.slack.loopback.posting import with_ids
from tests.slack.loopback.rule_walk import Surface
from tests.slack.loopback.state import RefusedError, State, Trigger
from tests.slack.loopback.view_rules import view_faults
from tests.slack.loopback.workspace import APP, BOT_ID, TEAM, Json, View

_STACK_MOST = 3


def open_(state: State, given: Json) -> Json:
    trigger = _trigger(state, given)
    view = show(state, trigger.user, _checked(state, given.get("view"), "modal"))
    return {"view": shown(view)}


def push(state: State, given: Json) -> Json:
    trigger = _trigger(state, given)
    below = state.views.get(trigger.view or "")
    if below is None:
        raise RefusedError("not_found")
    return {"view": shown(push_on(state, below, _checked(state, given.get("view"), "modal")))}


def update(state: State, given: Json) -> Json:
    view = _named(state, given)
    if given.get("hash") and given["hash"] != view.hash:
        raise RefusedError("hash_conflict")
    replace(state, view, _checked(state, given.get("view"), "modal", view))
    return {"view": shown(view)}


def publish(state: State, given: Json) -> Json:
    (user,) = needed(given, "user_id")
    if user not in state.workspace.users:
        raise RefusedError("user_not_found")
    home = state.homes.get(user)
    if home is not None and given.get("hash") and given["hash"] != home.hash:
        raise RefusedError("hash_conflict")
    payload = _checked(state, given.get("view"), "home")
    if home is None:
        id_ = state.workspace.new_id("V")
        home = state.homes[user] = View(id_, user, payload, "", root=id_)
    replace(state, home, payload)
    return {"view": shown(home)}


def show(state: State, user: str, payload: Json, below: View | None = None) -> View:
    """Puts a modal before a person, on top of another one if there is."""
    id_ = state.workspace.new_id("V")
    view = View(
        id_, user, payload, _hash(state), root=below.root if below else id_, previous=below.id if below else None
    )
    state.views[id_] = view
    state.change()
    return view


def push_on(state: State, below: View, payload: Json) -> View:
    if sum(each.root == below.root for each in state.views.values()) >= _STACK_MOST:
        raise RefusedError("push_limit_reached")
    return show(state, below.user, payload, below)


def replace(state: State, view: View, payload: Json) -> None:
    view.payload, view.hash, view.errors = payload, _hash(state), {}
    state.change()


def checked(state: State, payload: object, view: View) -> Json:
    """A view that comes with the answer to a submission."""
    return _checked(state, payload, "modal", view)


def shown(view: View) -> Json:
    """A view as the API and payloads have it."""
    modal = view.payload.get("type") == "modal"
    return {
        "id": view.id,
        "team_id": TEAM,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": {"type": "plain_text", "text": "View Title", "emoji": True},
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
        **view.payload,
        "state": {"values": {}},
        "hash": view.hash,
        "previous_view_id": view.previous if modal else None,
        "root_view_id": view.root,
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT_ID,
    }


def _hash(state: State) -> str:
    return f"{int(state.workspace.now())}.{state.workspace.number()}"


def _checked(state: State, payload: object, surface: Surface, known: View | None = None) -> Json:
    if not isinstance(payload, dict):
        raise RefusedError("invalid_arguments", messages=["[ERROR] missing required field: view"])
    found = view_faults(payload, surface)
    if found:
        raise RefusedError("invalid_arguments", messages=found)
    external = payload.get("external_id")
    if external and any(
        each.payload.get("external_id") == external and each is not known for each in state.views.values()
    ):
        raise RefusedError("duplicate_external_id")
    return {**payload, "blocks": with_ids(payload["blocks"])}


def _trigger(state: State, given: Json) -> Trigger:
    """The trigger of a call, which it uses up."""
    (id_,) = needed(given, "trigger_id")
    trigger = state.triggers.get(id_)
    if trigger is None:
        raise RefusedError("invalid_trigger_id")
    if trigger.used:
        raise RefusedError("exchanged_trigger_id")
    if state.workspace.now() - trigger.born > state.settings.trigger_seconds:
        raise RefusedError("expired_trigger_id")
    trigger.used = True
    return trigger


def _named(state: State, given: Json) -> View:
    if given.get("view_id"):
        view = state.views.get(str(given["view_id"]))
    else:
        (external,) = needed(given, "external_id")
        view = next((each for each in state.views.values() if each.payload.get("external_id") == external), None)
    if view is None:
        raise RefusedError("not_found")
    return view
