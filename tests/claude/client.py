"""The real SDK before the server, and what it read."""

from anthropic import AsyncAnthropic
from anthropic.types import Message

KEY = "sk-test-key"


def sdk(url: str) -> AsyncAnthropic:
    """The SDK as it is, but without retries."""
    return AsyncAnthropic(api_key=KEY, base_url=url, max_retries=0)


def text_of(message: Message) -> str:
    return "".join(block.text for block in message.content if block.type == "text")
