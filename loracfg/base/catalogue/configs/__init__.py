"""Config objects of transformers 5 and 4, made of a `config.json` and of facts about its class.

What all config classes share is written here; what one class adds is data: fields with types and
defaults, other names, parts, and small programs for what it computes.
"""
