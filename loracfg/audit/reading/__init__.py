"""Read many adapters at a time, without asking any server for more than it allows."""
