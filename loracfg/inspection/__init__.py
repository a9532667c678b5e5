"""What an adapter contains, for people who inspect one: `inspected.py` starts from a path."""
