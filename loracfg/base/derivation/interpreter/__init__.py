"""Runs a constructor once on a symbolic config, merging both sides of every branch."""
