"""Writes expressions and values of facts as text, for facts files and messages."""
