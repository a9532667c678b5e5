"""Rules on bugs in loracfg itself."""
