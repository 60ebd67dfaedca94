"""What of what people ask the coach before others is answered before others."""

from bot.core.commands import AskCommand, GuideCommand, HelpCommand, parse


def is_for_all(text: str, *, has_files: bool) -> bool:
    """Whether a channel may see the reply to a message: answers and the guide, never what is somebody's own."""
    return not has_files and isinstance(parse(text), AskCommand | GuideCommand | HelpCommand)
