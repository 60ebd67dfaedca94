"""What Redis holds for people in Slack: bytes by kind of key, once every message has its reply."""

import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path

from bot.stores.redis.store import RedisStore
from tests.bench.acknowledging import serving
from tests.bench.answers import QUESTIONS, SENTENCES
from tests.bench.row import Row
from tests.bench.traffic import emptied
from tests.slack.loopback.server import Slack
from tests.slack.loopback.workspace import BOT_TOKEN, SIGNING_SECRET
from tests.stores.redis_server import Server, running

PEOPLE = 60
ASKED, SENT = 3, 1
"""Questions and drafts of each, all in one thread of their own."""
PATIENCE = 300.0
_KIND = re.compile(r"coach:\{(?P<tag>[a-z]+)(?::slack%3A(?P<record>sources|shown|addressed))?[^}]*\}:(?P<name>[a-z]+)")


async def sizes(server: Server) -> Counter[str]:
    """Adds up what each kind of key takes, in bytes."""
    found: Counter[str] = Counter()
    for key in await server.say("KEYS", "coach:*"):
        kind = _KIND.match(key)
        name = " ".join(part for part in kind.groups() if part) if kind else "others"
        found[name] += int(await server.say("MEMORY", "USAGE", key, "SAMPLES", 0))
    return found


async def rows() -> Sequence[Row]:
    """Bytes a message, by kind of key."""
    async with AsyncExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(running(place / "redis"))
        slack = await stack.enter_async_context(Slack())
        settings = {
            "REDIS_URL": server.url,
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "SLACK_API_URL": slack.api_url,
        }
        url = await stack.enter_async_context(serving(place, settings))
        await slack.http_to(f"{url}/slack/events")
        for number in range(PEOPLE):
            user = f"U{number}"
            for turn in range(ASKED):
                await slack.say(user, slack.dm_of(user), QUESTIONS[(number + turn) % len(QUESTIONS)])
            for _ in range(SENT):
                await slack.say(user, slack.dm_of(user), "review Dear Ms. Hale,\n\n" + " ".join(SENTENCES * 2))
        await slack.settled(PATIENCE)
        store = RedisStore(server.url)
        await store.open()
        stack.push_async_callback(store.close)
        await emptied(store, PATIENCE)
        found = await sizes(server)
    messages = PEOPLE * (ASKED + SENT)
    whole = sum(found.values())
    return [
        (f"Redis holds for {messages} messages of {PEOPLE} people", f"{whole / 1e6:.2f} MB"),
        *((f"of that {kind}", f"{size / messages:,.0f} bytes a message") for kind, size in found.most_common()),
    ]
