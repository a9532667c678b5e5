"""Rules on tensors against the base."""
