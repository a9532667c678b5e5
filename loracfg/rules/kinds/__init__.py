"""Checks that several rules share."""
