"""How two adapters differ, and whether one can take the other's place in a running model."""
