"""The rules: one file each, with the text that explains it and the check that finds it."""
