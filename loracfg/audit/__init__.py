"""Audit fleets of adapters: list them, read what a verdict needs, judge, and write rows."""
