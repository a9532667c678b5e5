"""From the bytes of a request to adapters in memory, keeping what a validation reads of them."""
