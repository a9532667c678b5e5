"""Build the site of the documentation; warnings are errors.

python -m docs.website                          writes build/website/site
python -m docs.website publish FOLDER           builds the version of `loracfg/version.py` into a
                                                folder with all versions
python -m docs.website publish FOLDER ADDRESS   the same, for a folder that is published elsewhere

Any static web server can serve the results. Needs the extra `docs`.
"""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

from docs.website.links import BrokenLinkError
from docs.website.site_build import FOLDER, BuildError, build
from docs.website.site_versions import publish
from loracfg.urls import SITE
from loracfg.version import __version__


def main(arguments: list[str]) -> int:
    """Build the site; return the exit status."""
    try:
        match arguments:
            case []:
                written = build()
            case ["publish", folder, *rest] if len(rest) <= 1:
                written = Path(folder)
                minor = ".".join(__version__.split(".")[:2])
                publish(written, minor, rest[0] if rest else SITE, FOLDER)
            case _:
                sys.stderr.write(f"{inspect.cleandoc(__doc__ or '')}\n")
                return 2
    except (BrokenLinkError, BuildError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"wrote {written}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
