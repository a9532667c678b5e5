"""How it is found what an engine does with an adapter."""
