"""Builds the site with zensical, with warnings as errors."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from docs.website.live_examples import ENGINE, SCRIPT, STYLE, add_invitation, add_live_examples
from docs.website.llms import write_llms
from docs.website.pages import ROOT, places, stage
from loracfg.urls import REPOSITORY, SITE

SETTINGS: Final = Path(__file__).with_name("zensical.toml")
THEME: Final = Path(__file__).with_name("theme")
"""What differs from zensical's templates."""
FOLDER: Final = ROOT / "build/website"
"""Where the site is built: `pages` is what it is built from, `site` is the result."""
_OTHERS: Final = "More"
"""Where pages are that the navigation does not name."""
_TRY: Final = "Try it"
"""The entry for the page on which readers check their own adapters."""
_NOT_IN_MENU: Final = ("rules/",)
"""Pages of which there are too many for a menu; they have an index."""


class BuildError(Exception):
    """The site cannot be built; the message has the warnings."""


def build(
    folder: Path = FOLDER,
    address: str = SITE,
    *,
    has_versions: bool = False,
    engine: Mapping[str, bytes] | None = None,
) -> Path:
    """Build the site below a folder, which is emptied first, and return the folder of the result.

    Args:
        folder: where it is built.
        address: where the result will be published, with a slash at the end.
        has_versions: whether it gets a menu of the versions beside it.
        engine: the files of `live_examples.engine_files`; without them, the examples on the pages
            of rules are not live.

    Raises:
        BrokenLinkError: a page has a link to a file that does not exist.
        BuildError: zensical has a warning, such as a link to a heading that does not exist.
    """
    shutil.rmtree(folder, ignore_errors=True)
    stage(folder / "pages")
    shutil.copytree(THEME, folder / THEME.name)
    settings = site_settings(address)
    if has_versions:
        settings["extra"]["version"] = {"provider": "mike"}  # reads `versions.json`
    page = f"{address}{ENGINE}/"
    if engine is not None:
        add_invitation(folder / "pages/index.md", page)
    used = settings if engine is None else settings | _live_settings(settings, page)
    file = folder / "mkdocs.yml"
    file.write_text(json.dumps(used, indent=1), "utf-8")
    command = [sys.executable, "-m", "zensical", "build", "--strict", "-f", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)  # noqa: S603
    if done.returncode:
        raise BuildError(_warnings(done.stdout + done.stderr))
    site = folder / "site"
    words = settings["site_description"]
    write_llms(site, folder / "pages", settings["nav"], settings["site_name"], words)
    if engine is not None:
        add_live_examples(site, engine)
    return site


def site_settings(address: str) -> dict[str, Any]:
    """Return the settings of the site, with the whole menu, for an address."""
    settings: dict[str, Any] = tomllib.loads(SETTINGS.read_text("utf-8"))["project"]
    menu = settings["nav"]
    in_site = sorted(set(places().values()))
    named = set(named_pages(menu))
    left = [
        page
        for page in in_site
        if page.endswith(".md") and page not in named and not page.startswith(_NOT_IN_MENU)
    ]
    return settings | {
        "site_url": address,
        "repo_url": REPOSITORY,
        "docs_dir": "pages",
        "site_dir": "site",
        "nav": [*menu, {_OTHERS: left}] if left else menu,
    }


def _live_settings(settings: dict[str, Any], page: str) -> dict[str, Any]:
    """Return the settings that differ if examples are live, and a page is at an address."""
    return {
        "extra_javascript": [*settings["extra_javascript"], SCRIPT],
        "extra_css": [*settings["extra_css"], STYLE],
        "nav": [*settings["nav"], {_TRY: page}],
    }


def named_pages(menu: list[Any]) -> Iterator[str]:
    """Yield the paths of all pages in a menu."""
    for entry in menu:
        if isinstance(entry, str):
            yield entry
            continue
        for value in entry.values():
            yield from [value] if isinstance(value, str) else named_pages(value)


def _warnings(output: str) -> str:
    """Return what zensical says, without the traceback that it ends with."""
    return output.partition("Traceback (most recent call last)")[0].strip()
