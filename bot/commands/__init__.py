"""The commands of `coach`, one file a command; each names its click command `command`."""
