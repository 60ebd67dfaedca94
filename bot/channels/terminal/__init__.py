"""The terminal: replies as text for people, and a conversation at the prompt."""
