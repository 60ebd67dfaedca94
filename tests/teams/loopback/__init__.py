"""A loopback Teams: the connector, the login service and the people, in this process."""
