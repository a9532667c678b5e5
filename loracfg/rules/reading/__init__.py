"""Rules on files that cannot be read."""
