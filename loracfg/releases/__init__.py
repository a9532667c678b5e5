"""PEFT releases: which one wrote an adapter, which ones load it, and how to convert its config."""
