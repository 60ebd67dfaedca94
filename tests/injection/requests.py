"""The requests that texts of others lead to, in each place that such a text can come from."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.messages import Meant
from bot.stores.sqlite.store import SqliteStore
from tests.claude.asked import Body, blocks_of, kind_of, user_texts
from tests.claude.behaviours import saying
from tests.claude.server import MessagesApi
from tests.injection.asking import question, turns
from tests.injection.coaches import Bench, Lessons, events
from tests.injection.drafts import behind_the_claim
from tests.injection.styles import Style

HARMLESS = Style("harmless", "nothing of the kind", "The tuning of a piano takes a day.", (), ())

Shape = str | dict[str, "Shape"] | list["Shape"]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request, as the server got it, and what for."""

    style: Style
    place: str
    body: Body

    @property
    def id(self) -> str:
        """Tells the requests of all styles apart."""
        return f"{self.style.id}/{self.place}/{kind_of(self.body).replace(' ', '-')}"

    @property
    def data(self) -> list[Body]:
        """The JSON objects that hold the texts of others."""
        return [json.loads(text) for text in user_texts(self.body)]


async def requests(style: Style, place: str, store: SqliteStore, known: Lessons) -> tuple[Sent, ...]:
    """What is asked about one message: first as of Anthropic's own, then as of a server that knows less."""
    async with MessagesApi(default=saying("I know nothing of the kind you ask for.")) as api:
        bench = Bench.before(api.url, store, known)
        thread = f"{place} {style.id}"
        if place == "draft":
            await events(bench.coach(), behind_the_claim(style), meant=Meant.DRAFT)
        else:
            for turn in turns(style) if place == "thread" else ():
                await store.threads.append(thread, turn)
            await events(bench.coach(), question(style, place), meant=Meant.QUESTION, thread=thread)
        await bench.calls.close()
        return tuple(Sent(style, place, asked.body) for asked in api.requests)


def shape(value: object) -> Shape:
    """What a value is made of; of a list, every kind of entry once."""
    match value:
        case dict():
            return {key: shape(each) for key, each in value.items()}
        case list():
            return [json.loads(kind) for kind in sorted({json.dumps(shape(each)) for each in value})]
        case _:
            return type(value).__name__


def frame(body: Body) -> Shape:
    """A request without the words of others: its settings, its messages' roles, and what its blocks are made of."""
    messages = [
        {"role": message["role"], "blocks": [_block(block) for block in blocks_of(message["content"])]}
        for message in body["messages"]
    ]
    return {
        "settings": {name: json.dumps(body[name]) for name in body if name != "messages"},
        "messages": shape(messages),
    }


def strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string in a value, with the way to it."""
    match value:
        case dict():
            for key, each in value.items():
                yield from strings(each, f"{path}.{key}")
        case list():
            for each in value:
                yield from strings(each, f"{path}[]")
        case str():
            yield path, value


def _block(block: Body) -> dict[str, object]:
    """A block with its type spelled out, and its JSON read."""
    inner = json.loads(block["text"]) if block["type"] == "text" else block
    return {"is": {block["type"]: "", **{key: "" for key in block}}, "holds": inner}
