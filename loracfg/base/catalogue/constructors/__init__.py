"""The constructors of the libraries, one package for each layout of names (made, not written)."""
