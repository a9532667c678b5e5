"""What a config means on a base: which modules PEFT adapts, and the tensors it then saves."""
