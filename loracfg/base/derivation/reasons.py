"""Why classes are declined, in words that users of the catalogue understand."""

from __future__ import annotations

import re
from typing import Final

from loracfg.base.derivation.model_programs import DEFECT

_OTHER_LIBRARY: Final = "it has parts of another library"
_OTHER_MODEL: Final = "its layers depend on another model inside it"
_TENSORS: Final = "its shapes are computed from the values of tensors"
_STAGES: Final = "its layers depend on the layers before them"
_CONFIG: Final = "its config is not read by the usual rules"
_CODE: Final = "its constructor does what is not followed"

_WORDS: Final = (
    (r"another library|Foreign", _OTHER_LIBRARY),
    (r"another model|AutoModel|InnerModel|ModelPart", _OTHER_MODEL),
    (r"tensor|shape|parameter is|a table of", _TENSORS),
    (r"after a loop|turns|is set in a loop|earlier|symbolic list", _STAGES),
    (r"config|rotary|to_dict|from_dict", _CONFIG),
    (r"the library refuses every config", "the library makes it from no config"),
)


def in_words(reason: str) -> str:
    """Return a reason of the interpreter in words for users."""
    if not reason.startswith(DEFECT):
        for pattern, words in _WORDS:
            if re.search(pattern, reason):
                return words
    return _CODE
