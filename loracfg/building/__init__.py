"""Code that setuptools runs to build the wheel; not in the wheel itself."""
