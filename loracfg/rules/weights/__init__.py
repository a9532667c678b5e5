"""Rules on the weight file: its header, and the values if they are read."""
