"""Evaluates expressions over the config of a base model, within a budget.

A model type has a table of rows, `[operation, operand, ...]`. An operand is the number of an
earlier row, or a list with one constant.
"""
