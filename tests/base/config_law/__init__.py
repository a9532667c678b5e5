"""The law of config objects: each one equals the library's, or is declined."""
