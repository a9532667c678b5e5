"""Headers of files of `torch.save`, read from their pickles without executing them."""
