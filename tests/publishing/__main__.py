"""Build a release and try it; see the package."""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import publishing
from tests.publishing.build import ReleaseError, build
from tests.publishing.installing import attempts

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run what is asked for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.publishing", usage=publishing.__doc__)
    parser.add_argument("task", choices=("build", "install", "all"))
    parser.add_argument("dist", type=Path, nargs="?")
    parser.add_argument("--tag", help="the tag that is released; it must be that of the version")
    options = parser.parse_args()
    if (options.dist is None) != (options.task == "all"):
        parser.error(f"`{options.task}` takes {'no' if options.task == 'all' else 'a'} folder")
    try:
        if options.task == "all":
            return _from_a_clone()
        return _task(options.task, ROOT, options.dist.resolve(), options.tag)
    except (ReleaseError, subprocess.CalledProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _from_a_clone() -> int:
    with tempfile.TemporaryDirectory() as folder:
        clone, dist = Path(folder) / "loracfg", Path(folder) / "dist"
        subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)
        return _task("build", clone, dist) or _task("install", clone, dist)


def _task(task: str, root: Path, dist: Path, tag: str | None = None) -> int:
    if task == "build":
        build(root, dist, tag)
        for path in sorted(dist.glob("*/*")):
            sys.stdout.write(f"{path.stat().st_size:>10} {path.relative_to(dist)}\n")
        return 0
    failed = 0
    for attempt in attempts(root, dist / "packages"):
        sys.stdout.write(f"{attempt}\n")
        sys.stdout.flush()
        sys.stderr.write(attempt.error)
        failed += bool(attempt.error)
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
