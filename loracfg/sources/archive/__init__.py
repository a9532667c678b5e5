"""Zip and tar archives, read as a stream of which only what a validation reads is kept."""
