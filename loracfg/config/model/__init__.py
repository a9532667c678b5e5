"""The model of a LoRA config: its fields, their types and constraints."""
