"""What serves adapters: which features of an adapter each engine loads, refuses or leaves out."""
