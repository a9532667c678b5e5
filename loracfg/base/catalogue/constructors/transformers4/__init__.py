"""Constructors of transformers 4.57.6 (Apache-2.0, The Hugging Face team): all. Made by `python -m loracfg.base.transcriber`."""
