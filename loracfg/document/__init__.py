"""JSON text in which every key and value knows its place."""
