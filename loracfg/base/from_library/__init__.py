"""Builds module trees from an installed transformers or a live model."""
