"""What an adapter holds, for people who look into one: `run.py` is the way there from a path."""
