"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): all. Made by `python -m loracfg.base.transcriber`."""
