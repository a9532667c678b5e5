"""The generated JSON Schemas, installed as data. `docs/generate.py` writes them."""
