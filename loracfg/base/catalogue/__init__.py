"""Module trees of transformers' classes as data, and their evaluation for a config."""
