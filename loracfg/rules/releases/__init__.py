"""Rules on what the PEFT release named with `--peft` does with the adapter."""
