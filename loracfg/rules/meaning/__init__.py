"""Rules on the meaning of config fields, alone and together."""
