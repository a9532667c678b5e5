"""Creates config objects of transformers 5 and 4 from a `config.json` and facts about its class.

What all config classes share is code. What one class adds is data: fields with types and defaults,
aliases, parts, and small programs for what it computes.
"""
