"""Requests that Teams wants answered at once: buttons of cards, dialogs, what people think of an answer."""
