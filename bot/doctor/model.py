"""The model: who answers, and whether Claude can be asked."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

from bot.beside import beside
from bot.doctor.examining import Once
from bot.doctor.finding import Finding, State
from bot.doctor.kept import Kept
from bot.engines.claude.calls import Calls
from bot.engines.claude.looking_up import LookedUp
from bot.prompts.folder import PromptFolderError, read_folder
from bot.settings import Settings

SUBJECT = "model"
KEPT_SECONDS = 2.0
"""How long to wait for the store to say which version is live; then the first file's model is looked up."""

_REACH = (
    "see that this machine reaches ANTHROPIC_BASE_URL, else api.anthropic.com; meanwhile the lessons engine answers"
)
_TOLD: Mapping[LookedUp, tuple[State, str, str]] = {
    LookedUp.THERE: (State.OK, "the key is taken, and {model} is there", ""),
    LookedUp.NO_MODEL: (
        State.PROBLEM,
        "the key is taken, and there is no {model} for it",
        "activate a version with a model that the key may use: `coach prompts list`",
    ),
    LookedUp.NOT_TOLD: (
        State.UNSURE,
        "the server of ANTHROPIC_BASE_URL does not refuse the key, and does not say whether it has {model}",
        "`coach ask QUESTION` shows who answers",
    ),
    LookedUp.KEY_REFUSED: (
        State.PROBLEM,
        "the key is refused",
        "copy it once more into ANTHROPIC_API_KEY, or make a new one at https://platform.claude.com/settings/keys",
    ),
    LookedUp.NOT_ALLOWED: (
        State.PROBLEM,
        "the key is known, and may not use {model}",
        "have its workspace allow it, or activate a version with another model",
    ),
    LookedUp.BUSY: (State.UNSURE, "the key could not be tried: too many requests at once", "try again in a minute"),
    LookedUp.AWAY: (State.PROBLEM, "Claude cannot be reached, or fails itself; the key was not tried", _REACH),
    LookedUp.STRANGE: (
        State.PROBLEM,
        "what answers is no Messages API",
        "mend ANTHROPIC_BASE_URL, or unset it for Anthropic's own; mind proxies in between",
    ),
}


async def check(calls: Calls, settings: Settings, kept: Once[Kept | None]) -> Sequence[Finding]:
    """Looks up the model of the live version, and that of a version on trial."""
    try:
        models = await _models(settings, kept)
        if not models:
            says = "a key is given; which model is to be asked is not known"
            return [Finding(SUBJECT, State.UNSURE, says, "mend the versions of the system prompt first")]
        looked_up = await asyncio.gather(*(calls.look_up(model) for model in models))
    finally:
        await calls.close()
    told = {found: model for model, found in zip(reversed(models), reversed(looked_up), strict=True)}
    if not {LookedUp.THERE, LookedUp.NO_MODEL} & told.keys():
        return [_finding(*each) for each in told.items()]  # the same for every model
    return [_finding(found, model) for model, found in zip(models, looked_up, strict=True)]


def _finding(found: LookedUp, model: str) -> Finding:
    state, says, mend = _TOLD[found]
    return Finding(SUBJECT, state, says.format(model=model), mend)


async def _models(settings: Settings, kept: Once[Kept | None]) -> Sequence[str]:
    """The models that people are answered by; before the first start, the one that they will be."""
    held: Kept | None = None
    with suppress(TimeoutError):
        async with asyncio.timeout(KEPT_SECONDS):
            held = await kept()
    if held and held.standing.live is not None:
        standing = held.standing
        numbers = [held.standing.live, *([standing.trial.version] if standing.trial else [])]
        return list(dict.fromkeys(standing.versions[number].model for number in numbers))
    try:
        files = await beside(lambda: read_folder(settings.coach_prompts_dir))
    except PromptFolderError:
        return []
    return [document.model for document in list(files.values())[:1]]
