"""Module trees: the nodes of a model type's program, built for a config object."""
