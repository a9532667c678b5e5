"""The schema of plans, which only developers generate."""
