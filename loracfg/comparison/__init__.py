"""How two adapters differ, and whether one can replace the other in a running model."""
