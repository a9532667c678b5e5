"""Findings and reports as plain data, and one renderer per output format."""
