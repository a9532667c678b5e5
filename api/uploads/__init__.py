"""Read adapters from the bytes of a request, keeping only what a validation reads."""
