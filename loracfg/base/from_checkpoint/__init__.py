"""Builds module trees from the headers of a checkpoint."""
