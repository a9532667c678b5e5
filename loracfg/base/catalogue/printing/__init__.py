"""Expressions and values of facts as text, as facts files and messages have them."""
