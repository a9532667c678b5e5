"""Plans of servers for sets of adapters, against the buffers and checks of vLLM."""
