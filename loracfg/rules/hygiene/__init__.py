"""Rules on safety and hygiene: what should not be published."""
