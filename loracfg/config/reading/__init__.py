"""Read config files as PEFT does, and describe what is wrong with their values."""
