"""Who answers and rewrites."""
