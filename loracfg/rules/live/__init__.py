"""Rules on adapters in live models."""
