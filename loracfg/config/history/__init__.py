"""What a LoRA config was in each release of PEFT."""
