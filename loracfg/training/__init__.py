"""What loracfg does before and during training."""
