"""What the catalogue has in place of torch, and of what the libraries have around their models."""
