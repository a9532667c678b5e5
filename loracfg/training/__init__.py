"""What loracfg does before and during training: plans, trainers' files, live models."""
