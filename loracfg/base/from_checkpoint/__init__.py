"""Module trees from the headers of a checkpoint."""
