"""The law of config objects: each equals the library's, or is declined."""
