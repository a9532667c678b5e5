"""Builds the catalogue; not in the wheel."""
