"""Text of HTML: the body of an e-mail, a page, what a Word document was turned into."""

import html_text
import lxml.etree
import lxml.html

from bot.files.decoding import decoded
from bot.files.faults import Fault, FaultError

_INLINE = (
    "a abbr b bdi bdo big cite code del em font i ins kbd mark q s small span strike strong sub sup tt u var"
).split()


def read(content: bytes) -> str:
    """Gives the text of an HTML file."""
    return text_of(decoded(content))


def text_of(html: str) -> str:
    """Gives what a reader of `html` reads: a line a block, paragraphs apart, white space as a browser has it.

    Raises:
        FaultError: it is nested deeper than the parser goes.
    """
    if not html.strip():
        return ""
    parser = lxml.html.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = lxml.etree.fromstring(html.encode("utf-8", "replace"), parser)
    if any(error.level_name == "FATAL" for error in parser.error_log):  # what follows would be missing
        raise FaultError(Fault.TOO_HEAVY)
    if tree is None:
        return ""
    lxml.etree.strip_elements(tree, "head", "title", with_tail=False)
    # html_text puts a space between elements; without this, "<b>W</b>ord" is two words.
    lxml.etree.strip_tags(tree, lxml.etree.Comment, *_INLINE)
    return html_text.extract_text(tree)
