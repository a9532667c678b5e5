"""The config is not UTF-8 text.

JSON is UTF-8. Some Windows editors and shells write UTF-16 or a code page; PEFT then raises a
`UnicodeDecodeError` or reads the wrong characters.

Fires:

    config bytes fffe7b007d00

Fires:

    config bytes 7b2272e9223a20387d

Passes:

    config {"base_model_name_or_path": "modèles/llama"}

Repair: save the file as UTF-8.
"""

from __future__ import annotations

from loracfg.rules.rule import Rule, reporting

RULE = Rule("LC013", "not-utf8", "error", reporting("not-utf8"), __name__)
