"""Field Coach: a conversational coach for sales reps."""

__version__ = "0.2.0"
