"""What the coach does: ask, review, guide, help. Imports no SDK."""
