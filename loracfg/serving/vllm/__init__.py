"""The gate inside vLLM: a plugin that judges an adapter before the engine loads it."""
