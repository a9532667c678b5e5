"""From what the interpreter found of a class to the program of its model type."""
