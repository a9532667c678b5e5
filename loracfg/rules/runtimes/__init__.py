"""Rules on inference engines."""
