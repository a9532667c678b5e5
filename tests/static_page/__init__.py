"""The page without a server: what it consists of, and how it answers."""
