"""The fields, types and defaults of a LoRA config in each release of PEFT."""
