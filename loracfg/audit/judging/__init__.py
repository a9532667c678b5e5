"""Judge what was read, in this process or in others."""
