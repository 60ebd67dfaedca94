"""Replies as Teams' messages and cards: pure, within its limits, every word of people, lessons and models inert."""
