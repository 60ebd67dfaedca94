"""How letters open and close: tests of one line for greeting, sign-off, name, signature and prose.

Each takes a line without the white space and emphasis marks around it. A line that is too long to be a courtesy is
none, which also bounds the work.
"""

import re

_LONGEST = 100

_SAYING = frozenset(
    """i i'm i'd i'll i've we we're we'll we've we'd you you're you'll you've you'd your our it it's they he she me us
    is are was were be been am can can't could will won't would should shall may might must do does did don't doesn't
    have has had let let's need needs makes make means gives get gets please that's there's there here's this these
    u ur""".split()
)
"""Words of sentences, pronouns and verbs, which names and job titles do not hold."""

_LINKING = frozenset(
    """and & + of the at from for all team there everyone everybody folks both again guys sir madam or friends
    colleagues colleague de da van von der la le el bin al to whom it may concern""".split()
)
_HAIL = r"(?:hiya|hi|hello|hey|dear|howdy|greetings|good (?:morning|afternoon|evening|day)|morning|afternoon|evening)"
_INFORMAL = frozenset(("hi", "hiya", "hey", "hello"))
_GREETING = re.compile(rf"(?P<hail>{_HAIL})(?![\w'-])(?P<names>[^?!:;]{{0,80}}?)[\s,:!.;-]*", re.IGNORECASE)
_TO_WHOM = re.compile(r"to whom it may concern\s*[,:.]?", re.IGNORECASE)
_GREETING_FIRST = re.compile(
    rf"(?P<hail>{_HAIL})(?![\w'-])(?P<names>(?:[ ]+[^\s,:!?-][^\s,:!?]{{0,30}}){{0,6}})(?:\s*[,:!]|\s+-)\s+(?=\S)",
    re.IGNORECASE,
)
_NAME_ONLY = re.compile(r"[^\s,:!.?]{1,30}\.?(?:[ ,]+[^\s,:!?]{1,30}){0,4}\s*(?:,|\s-)")
_CLOSING = re.compile(
    r"""(?:with\ )?(?:
        (?:(?:my|many|best|kind|kindest|warm|warmest|sincere)\ )*(?:regards|wishes|thanks|best)(?:\ and\ regards)?
        | all\ (?:the\ |my\ )?best | (?:huge\ |so\ )?thanks | thx | tks | thank\ you | cheers | rgds | br | kr | v/?r
        | sincerely(?:\ yours)? | yours(?:\ (?:sincerely|faithfully|truly|ever|respectfully))?
        | (?:very\ )?respectfully(?:\ yours)? | (?:talk|speak|chat)\ (?:to\ you\ )?soon | take\ care | warmly
        | cordially | gratefully | faithfully | looking\ forward | until\ (?:then|soon)
        | see\ you\ (?:soon|then|there|next\ week|tomorrow|on\ \w+)
        | have\ a\ (?:great|good|nice|lovely|wonderful)\ (?:day|week|weekend|one|evening|rest\ of\ your\ (?:day|week))
    )
    (?:\ (?:again|so\ much|very\ much|a\ lot|a\ million|in\ advance|and\ (?:best\ |kind\ )?regards|everyone|all))*""",
    re.IGNORECASE | re.VERBOSE,
)
_DEVICE = re.compile(
    r"(?:sent (?:from|via|with|using)|get outlook for|von meinem|gesendet von|envoy[^ ]{1,4} de(?:puis)?)"
    r"\b",
    re.IGNORECASE,
)
_DISCLAIMER = re.compile(
    r"(?:(?:this|the information (?:contained )?in this)\W{0,3}(?:e-?mail|message|communication|transmission)\b"
    r"|(?:confidential(?:ity)?|disclaimer|privileged)\b|please consider the environment"
    r"|if you (?:are not|have received)|virus-free|unsubscribe|you (?:are receiving|received) this)",
    re.IGNORECASE,
)
_AFTERTHOUGHT = re.compile(r"p\.?\s?p?\.?\s?s\b", re.IGNORECASE)
_CONTACT = re.compile(r"@|\bwww\.|https?:|\d{3}[\s).-]{0,2}\d{3}|\b(?:tel|phone|mobile|cell|fax)\b", re.IGNORECASE)


def is_greeting(line: str, *, first: bool) -> bool:
    """Whether the whole line greets; a name alone ("Noor,") does when it is the `first` line of the letter."""
    if len(line) > _LONGEST:
        return False
    if _TO_WHOM.fullmatch(line):
        return True
    if greeting := _GREETING.fullmatch(line):
        return _addresses(greeting["hail"], greeting["names"], ended=line[-1] in ",:!-")
    return first and _NAME_ONLY.fullmatch(line) is not None and _are_names(line.rstrip(" ,-").split())


def greeting_end(line: str) -> int:
    """Where the sentence starts in a line that opens with a greeting ("Hi Ann, we can …"), else 0."""
    found = _GREETING_FIRST.match(line[: 3 * _LONGEST])
    if found and _addresses(found["hail"], found["names"], ended=True):
        return found.end()
    return 0


def _addresses(hail: str, names: str, *, ended: bool) -> bool:
    words = names.replace(",", " ").split()
    if _are_names(words):
        return len(words) <= 8
    plain = not any(word.lower() in _SAYING for word in words)
    return plain and hail.lower() in _INFORMAL and len(words) <= (2 if ended else 1)


def _are_names(words: list[str]) -> bool:
    bare = [word.strip(".,()\"'*_").lower() for word in words]
    if any(word in _SAYING for word in bare):
        return False
    return all(
        low in _LINKING or not word[0].islower() or "." in word[1:-1] or "@" in word
        for word, low in zip(words, bare, strict=True)
    )


def is_sign_off(line: str) -> bool:
    """Whether the whole line closes a letter: "Best,", "Many thanks!", "Cheers, Ann"."""
    if len(line) > _LONGEST:
        return False
    found = _CLOSING.match(line)
    if not found:
        return False
    rest = line[found.end() :]
    words = rest.strip(" ,.!;:-~").split()
    return (not rest or not rest[0].isalnum()) and len(words) <= 4 and _are_names(words)


def is_device_line(line: str) -> bool:
    """Whether a mail client wrote the line: "Sent from my iPhone"."""
    return len(line) <= _LONGEST and _DEVICE.match(line) is not None


def is_disclaimer(line: str) -> bool:
    """Whether the line starts the small print below a signature."""
    return _DISCLAIMER.match(line) is not None


def is_afterthought(line: str) -> bool:
    """Whether the line starts a postscript."""
    return _AFTERTHOUGHT.match(line) is not None


def is_name(line: str) -> bool:
    """Whether the line is a name and nothing else, as at the end of a letter without a sign-off."""
    words = line.split()
    return bool(words) and len(line) <= 50 and len(words) <= 4 and line[-1] not in ".,:;!?" and _are_names(words)


def is_dashed_name(line: str) -> bool:
    """Whether the line signs with a dash: "- Ann", "-- Ann Li, example.com"."""
    name = line.lstrip("-~ ")
    words = name.split()
    return name != line and bool(words) and len(line) <= 60 and len(words) <= 6 and _are_names(words)


def has_contact(line: str) -> bool:
    """Whether the line holds a phone number or an address."""
    return _CONTACT.search(line[: 4 * _LONGEST]) is not None


def says_something(line: str, *, ended_counts: bool) -> bool:
    """Whether the line is prose rather than part of a signature.

    Prose has four words and one that names and titles lack; with `ended_counts`, a full stop will do for that.
    """
    words = line[: 4 * _LONGEST].split()
    if len(words) < 4:
        return False
    if ended_counts and line[-1] in ".!?" and not has_contact(line):
        return True
    return any(word.strip(".,:;!?()\"'*_").lower() in _SAYING for word in words)
