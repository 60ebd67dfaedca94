"""What Slack sends, one kind a file: each puts a message into the inbox or changes state, then acknowledges."""
