"""Builds module trees from the nodes of a model type's program and a config object."""
