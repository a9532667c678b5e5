"""Rules about the weight file: its header, and its values with `--data`."""
