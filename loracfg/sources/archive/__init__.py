"""Zip and tar archives, read as a stream; only what a validation needs is kept."""
