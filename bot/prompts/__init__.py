"""Versions of the system prompt: publishing, activating, trying, rolling back, with a trail."""
