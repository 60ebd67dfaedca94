"""Scores the coach on the cases that ship with its lessons."""
