"""Writes the layout of diffusers, whose classes have no model types and no config classes."""

from __future__ import annotations

import importlib
from dataclasses import asdict
from pathlib import Path
from typing import Final

from loracfg.base.derivation.source.names import Definition
from loracfg.base.derivation.source.package import Index
from loracfg.base.derivation.source.reach import Reach
from loracfg.base.derivation.source.write import dump, file_of, write
from loracfg.base.from_library.sandbox import quiet

OMITTED: Final = frozenset(
    (
        "AutoencoderRAE",  # creates models of transformers
        "Cosmos3AVAEAudioTokenizer",  # its config has a `model_type`
        "MMAudioVAE",  # computes with tensors of tensors
        "QwenImageMultiControlNetModel",  # takes models
        "RFD4ProteinaAutoencoder",  # takes tensors
    )
)
"""Classes that no `config.json` creates, or that the interpreter cannot follow."""


def classes() -> dict[str, type]:
    """Return the model classes that diffusers exports, by name."""
    diffusers = importlib.import_module("diffusers")
    bases = {diffusers.ModelMixin, diffusers.ConfigMixin}
    names = [n for n in diffusers._import_structure["models"] if n not in OMITTED]
    found = {name: getattr(diffusers, name) for name in names}
    return {n: v for n, v in found.items() if isinstance(v, type) and bases <= {*v.__mro__[1:]}}


def transcribe(out: Path, names: list[str]) -> None:
    """Write the layout, of the named classes only if there are names."""
    version = importlib.import_module("diffusers").__version__
    reach = Reach()
    with quiet():
        found = {name: cls for name, cls in classes().items() if not names or name in names}
        for name, cls in found.items():
            reach.add(Definition(cls.__module__, name))
        reach.run()
        write(reach, out, f"diffusers {version}")
    index = Index(
        library=f"diffusers {version}",
        configs={},
        classes={name: [name] for name in found},
        files={name: file_of(cls.__module__) for name, cls in found.items()},
        takes={},
        mappings={},
        tasks={},
        generation=[],
        automatic={},
        generating=[],
    )
    dump(out / "index.json", asdict(index))
