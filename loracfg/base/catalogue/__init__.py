"""Module trees of models for a config: constructors copied out of libraries, run without torch."""
