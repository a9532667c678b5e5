"""Checks that several rules are made of."""
