"""Prints the parts of the model classes that ms-swift knows.

Classes without towers and with the usual output layer need no entry. Model types with the same
class but different parts leave it open.
"""

import json
import sys

import swift.model  # noqa: F401  # registers the models
from swift.model.model_arch import MODEL_ARCH_MAPPING
from swift.model.model_meta import MODEL_MAPPING

USUAL = {"is_multimodal": False}


def parts(meta):
    arch = meta.model_arch
    arch = MODEL_ARCH_MAPPING.get(arch) if isinstance(arch, str) else arch
    found = {"is_multimodal": bool(meta.is_multimodal)}
    if meta.is_multimodal and arch is not None:
        for key in ("language_model", "vision_tower", "aligner"):
            found[key] = getattr(arch, key, [])
    output = getattr(arch, "lm_head", None)
    if output:
        name = output[output.rfind(".") + 1 :]
        if name != "lm_head":
            found["output"] = name
    return found


classes = {}
for meta in MODEL_MAPPING.values():
    for name in meta.architectures:
        found = parts(meta)
        classes[name] = found if classes.get(name, found) == found else {"is_multimodal": None}
classes.pop("null", None)
sys.stdout.write(json.dumps({name: one for name, one in sorted(classes.items()) if one != USUAL}))
