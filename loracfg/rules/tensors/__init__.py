"""Rules about tensors that do not match the config."""
