"""What setuptools runs when it builds the wheel; not in the wheel."""
