"""From what a user names to the adapters there: in folders, archives and single files."""
