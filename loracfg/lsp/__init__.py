"""The language server: what editors show about adapter configs, and offer to change in them."""
