"""Publishes a version of the site beside the older ones.

A folder with all versions has

    0.1/, 0.2/              each version, as it was built for its release
    latest/                 the newest of them, without a second copy of the engine
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

from docs.website.live_examples import ENGINE
from docs.website.new_folders import with_folder
from docs.website.site_build import build

LATEST: Final = "latest"
_VERSION: Final = re.compile(r"\d+\.\d+")
_KEPT: Final = "schema"
_EXAMPLES: Final = "page/live.js"
"""The script of the engine that examples import."""


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
        _replace(site, folder / LATEST, without=ENGINE)
        if engine is not None:
            _lead_to_engine(folder, version)
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


def _replace(source: Path, target: Path, without: str = "") -> None:
    """Copy a folder, perhaps without a folder at its top, to where another may have been."""
    shutil.rmtree(target, ignore_errors=True)
    left_out = {without} if without else set()

    def ignored(folder: str, _: list[str]) -> set[str]:
        return left_out if Path(folder) == source else set()

    shutil.copytree(source, target, ignore=ignored)


def _lead_to_engine(folder: Path, version: str) -> None:
    """Let `latest/` use the engine of a version, which has 17 MB: its page, and for examples."""
    there = f"../../{version}/{ENGINE}"
    home = folder / LATEST / ENGINE
    with_folder(home / "index.html").write_text(_leading(f"{there}/"), "utf-8")
    examples = with_folder(home / _EXAMPLES)
    examples.write_text(f'export * from "../{there}/{_EXAMPLES}";\n', "utf-8")


def _lead_to_latest(folder: Path) -> None:
    """Write a page that leads to the latest version for each of its pages."""
    latest = folder / LATEST
    for page in sorted(latest.rglob("index.html")):
        target = with_folder(folder / page.relative_to(latest))
        link = os.path.relpath(page.parent, target.parent).replace(os.sep, "/") + "/"
        target.write_text(_leading(link), "utf-8")
    shutil.copyfile(latest / "404.html", folder / "404.html")
    pages = (latest / "llms.txt").read_text("utf-8")
    (folder / "llms.txt").write_text(pages.replace("](", f"]({LATEST}/"), "utf-8")


def _leading(link: str) -> str:
    """Return a page that leads to another one."""
    href = escape(link)
    return (
        f'<!doctype html><meta charset="utf-8"><title>loracfg</title>\n'
        f'<meta http-equiv="refresh" content="0; url={href}">\n'
        f'<link rel="canonical" href="{href}"><a href="{href}">{href}</a>\n'
        f"<script>location.replace({json.dumps(link)} + location.hash)</script>\n"
    )
