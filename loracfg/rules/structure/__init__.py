"""Rules on the structure of the config: its keys, types and values."""
