"""All state in one SQLite file: the store that needs nothing installed."""
