"""Does what a model's act says at a replica, through what people and the program call, and gives what came of it."""

from dataclasses import dataclass, replace

from bot.core.admin_commands import ActivateVersion, MoveCommand, PublishVersion, RollBack
from bot.core.prompts import Moved
from bot.core.replies import Refused
from bot.prompts.decisions import Unchanged
from bot.prompts.document import parse_prompt
from bot.prompts.refusal import Refusal
from tests.prompts.replicas import Replica
from tests.prompts.trail_model import CASES, Act, EndTrial, Evaluate, Publish, Start


@dataclass(frozen=True)
class Came:
    """What an act came to: the entry's place in the trail where it is told, and what was said instead of doing it."""

    position: int | None = None
    said: str = ""
    refused: bool = False
    denied: bool = False


async def do(act: Act, at: Replica, reason: str) -> Came:
    """Gives what came of an act; `reason` is its note, by which its entry is found."""
    try:
        match act.what:
            case Publish(text=text):
                return _told(await at.desk.handle(PublishVersion(text, reason), person=act.person))
            case ActivateVersion() | RollBack():
                return await _move(replace(act.what, note=reason), act, at)
            case Evaluate(number=number, engine=engine, basis=basis, failed=failed):
                passed = [case for case in CASES if case not in failed]
                await at.registry.keep_evaluation(
                    act.person, number, engine=engine, basis=basis, passed=passed, failed=sorted(failed)
                )
            case EndTrial(position=position):
                await at.registry.end_trial(position, reason)
            case Start(files=files):
                for name, text in files.items():
                    await at.registry.publish_file(name, parse_prompt(text))
                await at.registry.activate_first()
    except Refusal as refusal:
        return Came(said=str(refusal), refused=True, denied=refusal.denied)
    return Came()


async def _move(command: MoveCommand, act: Act, at: Replica) -> Came:
    if act.seen is not None:
        return _told(await at.desk.handle(command, person=act.person, confirmed=act.seen))
    moved = await at.registry.move(act.person, command)
    return Came(said=moved.summary) if isinstance(moved, Unchanged) else Came(position=moved[1])


def _told(reply: object) -> Came:
    match reply:
        case Moved(entry=None, summary=summary):
            return Came(said=summary)
        case Moved(entry=entry) if entry:
            return Came(position=entry.position)
        case Refused():
            return Came(said=reply.reason, refused=True, denied=reply.denied)
    raise TypeError(f"no answer to an act: {reply!r}")
