"""Repairs: turn a broken adapter into one that computes what its author intended."""
