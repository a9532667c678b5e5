"""Publishes a version of the site beside the older ones.

A folder with all versions has

    0.1/, 0.2/              each version, as it was built for its release
    latest/                 the newest of them
    versions.json           their names, from which the theme makes a menu
    schema/                 the schemas, at the addresses that are their `$id`
    rules/LC503/index.html  and so on: for every page of `latest/`, a page that leads there

so that the addresses in findings hold whatever the version is. Any static web server can serve it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any, Final

from docs.website.new_folders import with_folder
from docs.website.site_build import build

LATEST: Final = "latest"
_VERSION: Final = re.compile(r"\d+\.\d+")
_KEPT: Final = "schema"


def publish(
    folder: Path,
    version: str,
    address: str,
    work: Path,
    engine: Mapping[str, bytes] | None = None,
) -> None:
    """Build a version such as `0.1`, and put it into a folder with all versions.

    Args:
        folder: the folder with all versions, which may be empty or not exist.
        version: the version; if it is there, it is replaced.
        address: where the folder is published, with a slash at the end.
        work: an empty folder to build in.
        engine: what runs the examples on the pages of rules, as for `build`.

    Raises:
        ValueError: the version is not two numbers with a dot.
        BuildError: the site has a warning.
        BrokenLinkError: a page has a link to a file that does not exist.
    """
    if not _VERSION.fullmatch(version):
        raise ValueError(f"`{version}` is not a version such as `0.1`")
    site = build(work, f"{address}{version}/", has_versions=True, engine=engine)
    folder.mkdir(parents=True, exist_ok=True)
    _replace(site, folder / version)
    newest = max(_versions(folder), key=_key)
    (folder / "versions.json").write_text(_menu(folder, newest), "utf-8")
    if newest == version:
        _replace(site, folder / LATEST)
        _replace(site / _KEPT, folder / _KEPT)
        _lead_to_latest(folder)


def _versions(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir() if _VERSION.fullmatch(one.name)]


def _key(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _menu(folder: Path, newest: str) -> str:
    versions: list[dict[str, Any]] = [
        {"version": one, "title": one, "aliases": [LATEST] if one == newest else []}
        for one in sorted(_versions(folder), key=_key, reverse=True)
    ]
    return json.dumps(versions, indent=1) + "\n"


def _replace(source: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target)


def _lead_to_latest(folder: Path) -> None:
    """Write a page that leads to the latest version for each of its pages."""
    latest = folder / LATEST
    for page in sorted(latest.rglob("index.html")):
        target = with_folder(folder / page.relative_to(latest))
        link = escape(os.path.relpath(page.parent, target.parent).replace(os.sep, "/") + "/")
        target.write_text(
            f'<!doctype html><meta charset="utf-8"><title>loracfg</title>\n'
            f'<meta http-equiv="refresh" content="0; url={link}">\n'
            f'<link rel="canonical" href="{link}"><a href="{link}">{link}</a>\n'
            f"<script>location.replace({json.dumps(link)} + location.hash)</script>\n",
            "utf-8",
        )
    shutil.copyfile(latest / "404.html", folder / "404.html")
    pages = (latest / "llms.txt").read_text("utf-8")
    (folder / "llms.txt").write_text(pages.replace("](", f"]({LATEST}/"), "utf-8")
