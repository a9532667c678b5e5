"""JSON text with the position of every key and value, and edits that preserve its format."""
