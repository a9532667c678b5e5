"""Where adapters are served."""
