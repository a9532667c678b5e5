"""Constructors of transformers 5.23.0 (Apache-2.0, The Hugging Face team): common_utils_constants. Made by `python -m loracfg.base.transcriber`."""


OPENAI_CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]

OPENAI_CLIP_STD = [0.26862954, 0.26130258, 0.27577711]
