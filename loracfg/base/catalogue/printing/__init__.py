"""Expressions and values of facts as text, as files of facts and messages have them."""
