"""A Slack on this machine: its Web API, Socket Mode, deliveries and rules, and what a person sees of it."""
