"""Reads files that people send into text, whatever they hold: what takes a parser is read in a process of its own."""
