"""What released engines take LoRA on, read from their packages, which are never imported."""
