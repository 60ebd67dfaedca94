"""A conversation with the coach, from its first message to the last."""

import asyncio
import io

from bot.app import App
from bot.channels.terminal.chat import Messages, Script, talk
from bot.channels.terminal.console import Screen


def conversation(app: App, messages: Messages) -> str:
    """All that is shown."""
    file = io.StringIO()
    with asyncio.Runner() as runner:
        try:
            runner.run(app.open())
            talk(app.coach, messages, Screen(file), runner)
        finally:
            runner.run(app.close())
    return file.getvalue()


def scripted(app: App, *lines: str) -> str:
    """What the coach says to a script."""
    return conversation(app, Script(io.BytesIO("\n".join(lines).encode())))
