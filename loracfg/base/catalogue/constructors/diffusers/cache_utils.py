"""Constructors of diffusers 0.42.1 (Apache-2.0, The Hugging Face team): cache_utils. Made by `python -m loracfg.base.transcriber`."""


class CacheMixin:
    pass
