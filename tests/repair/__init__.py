"""Repairs, compared with the real PEFT."""
