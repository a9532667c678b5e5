"""Find the adapters at a path: in a folder, in an archive, or as a single weight file."""
