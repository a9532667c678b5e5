"""Convert a config for one release to a config with the same effect in another release."""
