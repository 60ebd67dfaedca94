"""What Teams would refuse in the entities of a message: the AI label and citations, mentions.

The limits are those of https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bot-messages-ai-generated-content;
that Teams answers 400 to what is longer, to a fourth keyword, to a huge position and to an appearance's `text` is in
issues: MicrosoftDocs/msteams-docs 11036, microsoft/teams-sdk 2064, microsoft/Agents-for-net 388.
"""

from collections.abc import Iterator

from tests.teams.loopback.workspace import Json

MESSAGE = "https://schema.org/Message"
CITATIONS_MOST = 20
NAME_MOST = 80
ABSTRACT_MOST = 160
_KEYWORDS_MOST = 3
_KEYWORD_MOST = 28
_POSITION_MOST = 999_999_999
_KNOWN = (MESSAGE, "streaminfo", "mention", "clientInfo")


def faults(activity: Json) -> list[str]:
    """Gives what is wrong with an activity's entities, each with its place; nothing if Teams takes them."""
    entities, text = activity.get("entities") or [], str(activity.get("text") or "")
    if not isinstance(entities, list):
        return ["/entities: must be an array"]
    found = []
    for number, each in enumerate(entities):
        at = f"/entities/{number}"
        if not isinstance(each, dict) or each.get("type") not in _KNOWN:
            found.append(f"{at}: unknown entity")
        elif each["type"] == MESSAGE:
            found += _message(each, text, at)
        elif each["type"] == "mention":
            found += _mention(each, text, at)
    if sum(isinstance(each, dict) and each.get("type") == MESSAGE for each in entities) > 1:
        found.append("/entities: only one Message entity may be there")
    return found


def _message(entity: Json, text: str, at: str) -> Iterator[str]:
    if entity.get("@type") != "Message" or entity.get("@context") != "https://schema.org":
        yield f"{at}: @type must be Message, @context https://schema.org"
    label = entity.get("additionalType", [])
    if not isinstance(label, list) or any(each != "AIGeneratedContent" for each in label):
        yield f"{at}/additionalType: must be an array of AIGeneratedContent"
    citations = entity.get("citation", [])
    if not isinstance(citations, list):
        yield f"{at}/citation: must be an array"
        return
    if len(citations) > CITATIONS_MOST:
        yield f"{at}/citation: no more than {CITATIONS_MOST}"
    positions = [each.get("position") for each in citations if isinstance(each, dict)]
    if len(set(map(str, positions))) != len(positions):
        yield f"{at}/citation: positions must differ"
    for number, each in enumerate(citations):
        yield from _citation(each, text, f"{at}/citation/{number}")


def _citation(claim: object, text: str, at: str) -> Iterator[str]:
    if not isinstance(claim, dict) or claim.get("@type") != "Claim" or not isinstance(claim.get("appearance"), dict):
        yield f"{at}: must be a Claim with an appearance"
        return
    position, appearance = claim.get("position"), claim["appearance"]
    if isinstance(position, bool) or not isinstance(position, int) or not 1 <= position <= _POSITION_MOST:
        yield f"{at}/position: must be a number from 1"
    elif f"[{position}]" not in text:
        yield f"{at}/position: [{position}] is not in the text"
    if appearance.get("@type") != "DigitalDocument":
        yield f"{at}/appearance: @type must be DigitalDocument"
    for name, most in (("name", NAME_MOST), ("abstract", ABSTRACT_MOST)):
        value = appearance.get(name)
        if not isinstance(value, str) or not value.strip() or len(value) > most:
            yield f"{at}/appearance/{name}: must have 1 to {most} characters"
    if appearance.get("text") is not None:
        yield f"{at}/appearance/text: is refused; the quote belongs into the abstract"
    url = appearance.get("url")
    if url is not None and not (isinstance(url, str) and url.startswith(("https://", "http://"))):
        yield f"{at}/appearance/url: must be a URL"
    keywords = appearance.get("keywords", [])
    if len(keywords) > _KEYWORDS_MOST or any(len(each) > _KEYWORD_MOST for each in keywords):
        yield f"{at}/appearance/keywords: no more than {_KEYWORDS_MOST} of {_KEYWORD_MOST} characters"


def _mention(entity: Json, text: str, at: str) -> Iterator[str]:
    if not isinstance(entity.get("mentioned"), dict) or not entity["mentioned"].get("id"):
        yield f"{at}/mentioned: must name somebody"
    if not entity.get("text") or entity["text"] not in text:
        yield f"{at}/text: is not in the message's text"
