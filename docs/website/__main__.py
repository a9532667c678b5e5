"""Build the site of the documentation; warnings are errors.

python -m docs.website                          writes build/website/site
python -m docs.website publish FOLDER           builds the version of `loracfg/version.py` into a
                                                folder with all versions
python -m docs.website publish FOLDER ADDRESS   the same, for a folder that is published elsewhere

With `--live`, readers can edit and run the examples on the pages of rules. This needs node and npm,
and downloads Pyodide and pydantic the first time.

Any static web server can serve the results. Needs the extra `docs`.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from docs.website.links import BrokenLinkError
from docs.website.live_examples import engine_files
from docs.website.site_build import FOLDER, BuildError, build
from docs.website.site_versions import publish
from loracfg.errors import LoracfgError
from loracfg.urls import SITE
from loracfg.version import __version__


def main(arguments: list[str]) -> int:
    """Build the site; return the exit status."""
    is_live = "--live" in arguments
    try:
        engine = engine_files() if is_live else None
        match [one for one in arguments if one != "--live"]:
            case []:
                written = build(engine=engine)
            case ["publish", folder, *rest] if len(rest) <= 1:
                written = Path(folder)
                minor = ".".join(__version__.split(".")[:2])
                publish(written, minor, rest[0] if rest else SITE, FOLDER, engine)
            case _:
                sys.stderr.write(f"{inspect.cleandoc(__doc__ or '')}\n")
                return 2
    except (BrokenLinkError, BuildError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except LoracfgError as error:
        sys.stderr.write(f"the examples cannot be made live: {error.message}; {error.help}\n")
        return 1
    without = "" if is_live else ", without live examples (`--live` adds them)"
    sys.stdout.write(f"wrote {written}{without}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
