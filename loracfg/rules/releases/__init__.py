"""Rules on what a release of PEFT does with the adapter."""
