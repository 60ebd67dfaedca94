"""Replies as Slack's blocks: pure, within its limits, every word of people, lessons and models inert."""
