"""English words for quantities and units, levelled to one spelling where two surely mean the same."""

_SAME_UNIT = {
    "%": "% percent pct",
    "k": "k thousand",
    "m": "m mm mn mio million",
    "b": "b bn billion",
    "second": "second seconds sec secs",
    "minute": "minute minutes min mins",
    "hour": "hour hours hr hrs h",
    "day": "day days",
    "week": "week weeks wk wks",
    "month": "month months mo mos",
    "quarter": "quarter quarters",
    "year": "year years yr yrs",
    "am": "am a.m",
    "pm": "pm p.m",
    "usd": "usd dollar dollars buck bucks",
    "eur": "eur euro euros",
    "gbp": "gbp pound pounds",
    "gb": "gb gigabyte gigabytes",
    "tb": "tb terabyte terabytes",
    "x": "x times",
    "dozen": "dozen dozens",
    "hundred": "hundred hundreds",
    "user": "user users",
    "seat": "seat seats",
    "site": "site sites",
}
UNITS = {word: unit for unit, words in _SAME_UNIT.items() for word in words.split()}
"""Unit words after a number, by what they mean."""

TIMES = frozenset("second minute hour day week month quarter year".split())
"""Units of time, which deadlines are made of."""

AMOUNTS = {
    word: str(n) for n, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
} | {word: word for word in "half twice thrice couple fifteen twenty thirty forty fifty sixty ninety hundred".split()}
"""Number words, by how they are compared."""

SCALES = {word: word for word in "dozen dozens thousand thousands million millions billion billions".split()}
"""Quantities by themselves, units after a number."""

ARTICLES = frozenset("a an one".split())
"""What means one before a unit of time: "a week"."""

DEICTIC = frozenset("next this last coming few several end".split())
"""What makes a date or a span of a unit of time: "next quarter", "a few days", "end of the month"."""

BETWEEN = frozenset("business working calendar full short more the of".split())
"""What may stand between a number and its unit."""
