"""JSON Schemas: the generated ones, and that of architecture files."""
