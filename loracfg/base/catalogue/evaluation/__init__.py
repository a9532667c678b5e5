"""Expressions over the config of a base model: what they are worth, within a budget.

A model type has a table of rows, `[operation, operand, ...]`. An operand is the number of an
earlier row, or a constant in a list of one.
"""
