"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): all. Made by `python -m loracfg.base.transcriber`."""
