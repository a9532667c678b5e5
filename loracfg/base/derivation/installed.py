"""Derives facts of model types in the installed transformers, without torch, into one file.

`base/from_library/followed.py` runs it as `python -m loracfg.base.derivation.installed --out FILE
TYPE` in a child process, since deriving changes the process that it runs in, and reads the file: a
checksum and JSON. With a repository's code, for `loracfg base trace`, it has the facts as text.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

from loracfg.base.derivation.emission.dependence import whole
from loracfg.base.derivation.layout import derive_layout
from loracfg.base.derivation.reasons import in_words
from loracfg.base.derivation.source.library import NAMES, Library
from loracfg.base.derivation.source.repository import Repository
from loracfg.base.derivation.source.transcript import transcribed
from loracfg.base.derivation.text.architecture import ArchitectureFacts, write_architecture_facts


def main() -> None:
    """Derive the facts of types and of their inner configs, and write the file."""
    parser = argparse.ArgumentParser(prog=f"python -m {__spec__.name}", description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--repository", type=Repository.of_text)
    parser.add_argument("--library", choices=NAMES, default=NAMES[0])
    parser.add_argument("types", nargs="*")
    options = parser.parse_args()
    library = Library(options.library, repository=options.repository)
    with_parts = library.name == NAMES[0]
    with transcribed(library, options.types, with_parts=with_parts) as package:
        facts = derive_layout(package)
    if options.repository:
        reasons = facts.index.declined
        reasons |= {name: f"{reasons[name]} {place}" for name, place in facts.places.items()}
        own = options.repository.model_type
        programs = {own: facts.programs.pop(own), **facts.programs}
        text = write_architecture_facts(ArchitectureFacts(facts.index, programs))
        options.out.write_text(text, "utf-8")
        return
    facts.index.declined = {name: in_words(why) for name, why in facts.index.declined.items()}
    programs = {name: whole(program) for name, program in facts.programs.items()}
    value = {"index": facts.index.sections(), "programs": programs}
    text = json.dumps(value, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()
    options.out.write_text(f"{digest}\n{text}", "utf-8")


if __name__ == "__main__":
    main()
