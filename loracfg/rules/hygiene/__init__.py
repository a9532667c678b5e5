"""Rules on safety and hygiene: what not to publish."""
