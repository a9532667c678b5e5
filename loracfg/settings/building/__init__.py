"""Generates the JSON Schema of `loracfg.toml`."""
