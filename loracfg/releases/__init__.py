"""What the releases of PEFT make of an adapter: who wrote it, who loads it, how to convert it."""
