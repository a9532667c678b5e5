"""Repairs, held against the real PEFT."""
