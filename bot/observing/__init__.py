"""What operators see of the coach: logs, metrics, traces."""
