"""Reads the generated JSON Schemas, and defines the limits of architecture files."""
