"""Generates the schema for those who write facts about engines; not in the wheel."""
