"""The language of the examples on the pages of rules; not in the wheel."""
