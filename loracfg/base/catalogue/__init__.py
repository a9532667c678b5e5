"""Builds the module tree of a model from its config, with facts about the library's classes."""
