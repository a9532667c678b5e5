"""Makes a layout of the catalogue: `python -m loracfg.base.transcriber --out DIR`.

Whatever is in DIR is replaced. With `--library diffusers`, names are classes, else model types.
`python -m loracfg.base.transcriber --renames` puts into the catalogue how the installed PEFT
renames modules of transformers 4 on transformers 5; transcribing keeps it.
"""

from __future__ import annotations

import argparse
from pathlib import Path


def main() -> None:
    """Transcribe and write."""
    parser = argparse.ArgumentParser(prog="python -m loracfg.base.transcriber", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these, to try something out")
    parser.add_argument("--out", type=Path, help="folder of the layout")
    parser.add_argument("--library", choices=("transformers", "diffusers"), default="transformers")
    parser.add_argument("--renames", action="store_true", help="only how PEFT renames modules")
    options = parser.parse_args()
    if options.renames:
        from loracfg.base.transcriber.renames import rewrite

        rewrite()
        return
    if options.out is None:
        parser.error("`--out` or `--renames` is needed")
    if options.library == "diffusers":
        from loracfg.base.transcriber.diffusers import transcribe
    else:
        from loracfg.base.transcriber.transformers import transcribe
    transcribe(options.out, options.names)


if __name__ == "__main__":
    main()
