"""What a LoRA config is: its fields, their types and constraints."""
