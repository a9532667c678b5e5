"""Stand-ins for torch, and for the libraries' own machinery around models."""
