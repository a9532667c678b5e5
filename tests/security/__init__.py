"""What no input may do to the process that judges it, and the proof by the interpreter itself."""
