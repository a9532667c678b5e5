"""Rules on what config fields mean together."""
