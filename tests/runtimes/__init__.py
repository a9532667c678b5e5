"""What engines make of adapters."""
