"""Rules on tensors against the config."""
