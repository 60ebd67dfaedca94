"""Lessons and guide: parsing, keeping current, checking, retrieval."""
