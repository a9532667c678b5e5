"""Apply a config to a base: the modules that PEFT adapts, and the tensors that it saves."""
