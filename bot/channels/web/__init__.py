"""The web page and its JSON interface, on aiohttp."""
