"""Read the headers of `torch.save` files from their pickles, without executing them."""
