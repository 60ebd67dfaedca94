"""Which JSON schemas the API refuses as an output format."""

from collections.abc import Iterator, Mapping

from anthropic.lib._parse._transform import SupportedStringFormats

TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}
NOTES = {"title", "description", "default"}
ANYWHERE = {"type", "enum", "const", "anyOf", "allOf", "$ref", "$defs", "definitions"} | NOTES
KEYWORDS = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "minItems"},
    "string": {"format", "pattern"},
}


def schema_faults(schema: object, where: str = "$") -> Iterator[str]:
    """Faults of a schema and every schema in it."""
    if not isinstance(schema, Mapping):
        yield f"{where}: should be an object"
        return
    kinds = schema.get("type", [])
    kinds = kinds if isinstance(kinds, list) else [kinds]
    yield from (f"{where}: unknown type '{kind}'" for kind in kinds if kind not in TYPES)
    known = ANYWHERE.union(*(KEYWORDS.get(kind, set()) for kind in kinds))
    yield from (f"{where}: property '{name}' is not supported" for name in schema if name not in known)
    if "object" in kinds and schema.get("additionalProperties") is not False:
        yield f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false"
    if schema.get("minItems", 0) not in (0, 1):
        yield f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported"
    if "format" in schema and schema["format"] not in SupportedStringFormats:
        yield f"{where}: format '{schema['format']}' is not supported"
    if not str(schema.get("$ref", "#")).startswith("#"):
        yield f"{where}: only references within the schema are supported"
    for name, part in _parts(schema):
        yield from schema_faults(part, f"{where}.{name}")


def _parts(schema: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name in ("properties", "$defs", "definitions"):
        if isinstance(named := schema.get(name), Mapping):
            yield from ((f"{name}.{key}", part) for key, part in named.items())
    for name in ("anyOf", "allOf"):
        if isinstance(several := schema.get(name), list):
            yield from ((f"{name}.{at}", part) for at, part in enumerate(several))
    if "items" in schema:
        yield "items", schema["items"]
