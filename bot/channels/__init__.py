"""Front ends: each translates its platform's events into `Incoming` and the coach's replies out."""
