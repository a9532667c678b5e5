"""The examples that people can try on the page, as a JavaScript module."""

from __future__ import annotations

import json
from typing import Final

from loracfg.testing.building.page_bodies import body_of

EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "one that fits": (),
    "an edited rank": ('config {"r": 8}',),
    "a misspelt module": ('config {"target_modules": ["q_proj", "v_prj"]}',),
    "missing layers": (r"drop layers\.1\.",),
    "renamed tensors": ("rename q_proj -> query",),
    "a different base": ('base {"hidden": 32}',),
}
"""What each is, and the lines that make it (`loracfg/testing/building/examples.py`)."""
_HEAD: Final = (
    "// Written by docs/generate.py: bodies of requests that validate small adapters.\n\n"
)


def examples_module() -> str:
    """Return the text of `api/page/examples.js`."""
    listed = [{"title": title, "body": body_of(lines)} for title, lines in EXAMPLES.items()]
    return f"{_HEAD}export const EXAMPLES = {json.dumps(listed, indent=2)};\n"
