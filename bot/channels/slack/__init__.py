"""Slack: messages, commands, forms and the App Home, on Bolt."""
