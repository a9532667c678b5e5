"""Generates the table of rules; not in the wheel."""
