"""Makes the catalogue: runs model constructors on values that record what is done with them."""
