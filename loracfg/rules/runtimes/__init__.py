"""Rules on what the inference engines named with `--for` do with the adapter."""
