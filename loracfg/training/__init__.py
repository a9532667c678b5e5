"""What is known before and during training: the plan of a config, trainers' files, live models."""
