"""Writes a transcript to look at: `python -m loracfg.base.derivation.source --out DIR [NAME...]`.

Names are model types, or classes with `--library diffusers`; the default is all of them.
`--list` prints the model types of transformers instead.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from loracfg.base.derivation.source import repository
from loracfg.base.derivation.source.library import NAMES, Library, make_importable
from loracfg.base.derivation.source.repository import Repository


def main() -> None:
    """Transcribe and write."""
    command = "python -m loracfg.base.derivation.source"
    parser = argparse.ArgumentParser(prog=command, description=__doc__)
    parser.add_argument("names", nargs="*", help="only these")
    parser.add_argument("--out", type=Path, help="folder of the transcript")
    parser.add_argument("--list", action="store_true", help="only print the model types")
    parser.add_argument(
        "--with-parts", action="store_true", help="also add the types of inner configs"
    )
    parser.add_argument("--library", choices=NAMES, default="transformers")
    parser.add_argument(
        "--wheel",
        type=Path,
        action="append",
        default=[],
        help="wheel of the library, or of one that it needs (default: what is installed)",
    )
    parser.add_argument("--repository", type=Repository.of_text, help="code of a model")
    options = parser.parse_args()
    if options.out is None and not options.list:
        parser.error("`--out` or `--list` is needed")
    with tempfile.TemporaryDirectory(prefix="loracfg-") as folder:
        make_importable(Library(options.library, tuple(options.wheel)), Path(folder))
        if options.list:
            from loracfg.base.derivation.source.transformers import model_types

            sys.stdout.write("\n".join([*model_types(), ""]))
            return
        if options.library == "diffusers":
            from loracfg.base.derivation.source import diffusers

            diffusers.transcribe(options.out, options.names)
            return
        from loracfg.base.derivation.source.transformers import transcribe

        added, names = None, options.names
        if options.repository:
            added = repository.add(options.repository, Path(folder))
            names = [added.model_type, *names]
        if options.with_parts:
            from loracfg.base.derivation.source.parts import with_parts
            from loracfg.base.derivation.source.transformers import model_types

            names = with_parts(names, model_types(), with_heads=added is None)
            if not names:
                parser.error("the library has none of these model types")
        transcribe(options.out, names, added)


if __name__ == "__main__":
    main()
