"""The adapter directory: its files, their headers, and the names of its tensors."""
