"""From a path to the adapters that it names: in a folder, in an archive, or a file of weights."""
