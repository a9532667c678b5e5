"""Build the site of the documentation; warnings are errors.

python -m docs.website    writes build/website/site, which any static web server can serve
"""

from __future__ import annotations

import inspect
import sys

from docs.website.build import BuildError, build
from docs.website.links import BrokenLinkError


def main(arguments: list[str]) -> int:
    """Build the site; return the exit status."""
    if arguments:
        sys.stderr.write(f"{inspect.cleandoc(__doc__ or '')}\n")
        return 2
    try:
        site = build()
    except (BrokenLinkError, BuildError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"wrote {site}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
