"""Fields of Teams' JSON: what is not there, or is of another kind than it should be, is nothing."""

from collections.abc import Iterator, Mapping

Json = Mapping[str, object]


def text_at(holder: object, *path: str) -> str:
    """Gives the text at a path, without NUL and halves of surrogate pairs; "" where there is none."""
    found = _at(holder, path)
    return whole(found) if isinstance(found, str) else ""


def object_at(holder: object, *path: str) -> Json:
    """Gives the object at a path, an empty one where there is none."""
    found = _at(holder, path)
    return found if isinstance(found, Mapping) else {}


def objects_at(holder: object, *path: str) -> Iterator[Json]:
    """Yields the objects of the list at a path."""
    found = _at(holder, path)
    if isinstance(found, list | tuple):
        yield from (each for each in found if isinstance(each, Mapping))


def whole(text: str) -> str:
    """Gives `text` as any store and any parser takes it."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "")


def _at(holder: object, path: tuple[str, ...]) -> object:
    found = holder
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
