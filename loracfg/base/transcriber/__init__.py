"""Makes the catalogue: what the constructors of a library need, copied out of its source."""
