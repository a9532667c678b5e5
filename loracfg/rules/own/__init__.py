"""Rules on defects of loracfg itself."""
