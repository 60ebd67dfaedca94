"""Field Coach: a conversational coach for sales reps."""

__version__ = "0.1.0"
