"""Converts the results of the interpreter into programs of model types."""
