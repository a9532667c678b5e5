"""Base architectures: which modules a base model has, of which kind and shape."""
