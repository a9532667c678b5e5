"""Examples that readers of the site edit and run, and the engine that checks them.

They are added to a site that is built already:

    try/                          the page that `loracfg page` writes, whose engine they use
    rules/LC503/examples.json     and so on: the examples on the page of a rule, in its order

`docs/assets/live-examples.js` shows them. The first page and the menu of such a site lead to
`try/`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from loracfg_api.static_page.compiled_code import has_node
from loracfg_api.static_page.other_projects import pyodide_folder, wheel_files
from loracfg_api.static_page.page_files import OtherProjects, page_files

from docs.website.new_folders import with_folder
from loracfg.errors import LoracfgError
from loracfg.rules.registry import own_rules
from loracfg.testing.building.examples import examples
from loracfg.testing.building.page_bodies import body_of, why_not

SCRIPT: Final = "assets/live-examples.js"
STYLE: Final = "assets/live-examples.css"
"""Places in the site of what shows the examples."""
ENGINE: Final = "try"
MOST: Final = 65_536
"""The characters of an example that is shown; a file with thousands of tensors is not."""
_TOO_LARGE: Final = "the weight file has thousands of tensors"
_NOT_TEXT: Final = "the config is not text"
_MARK: Final = "<!-- try it -->"
"""Where the first page of the site has the link to the page, if there is one."""
_INVITATION: Final = (
    "[Check an adapter in your browser]({}): nothing to install, and nothing is uploaded."
)


def engine_files() -> dict[str, bytes]:
    """Return the files of the page without a server; the first time, they are downloaded.

    Raises:
        LoracfgError: if there is no node, or the files cannot be had.
    """
    if not has_node():
        raise LoracfgError("node is not installed", "install it, or leave out `--live`")
    return page_files(OtherProjects(pyodide_folder(None), wheel_files(None)), compiles=True)


def add_live_examples(site: Path, engine: Mapping[str, bytes]) -> None:
    """Add the examples of all rules, and the engine, to a site."""
    for name, data in engine.items():
        with_folder(site / ENGINE / name).write_bytes(data)
    for rule in own_rules():
        shown = live_examples(rule.page)
        (site / "rules" / rule.code / "examples.json").write_text(json.dumps(shown), "utf-8")


def add_invitation(page: Path, address: str) -> None:
    """Add a link to the page, at an address, to the source of the first page of the site.

    Raises:
        ValueError: it has no place for that.
    """
    before, mark, after = page.read_text("utf-8").partition(_MARK)
    if not mark:
        raise ValueError(f"`{page.name}` has no line `{_MARK}`")
    page.write_text(before + _INVITATION.format(address) + after, "utf-8")


def live_examples(page: str) -> list[dict[str, Any]]:
    """Return what the site needs for each example on the page of a rule.

    `body` is that of a `POST /validate`, and `line` the first line of the config that was edited:
    since training, or before. An example that no browser can run has `reason` instead.
    """
    return [_live(example.lines) for example in examples(page)]


def _live(lines: tuple[str, ...]) -> dict[str, Any]:
    reason = why_not(lines)
    body = body_of(lines)
    if body is None:
        return {"reason": reason}
    if "config_base64" in body:
        return {"reason": _NOT_TEXT}
    if len(json.dumps(body)) > MOST:
        return {"reason": _TOO_LARGE}
    config = _config(body)
    trained = tuple(line for line in lines if line.startswith("made with "))
    changes = (_first_change(config, before) for before in (trained, ())) if config else ()
    return {"body": body, "line": next(filter(None, changes), 1)}


def _config(body: Mapping[str, object] | None) -> str | None:
    """Return the text of the config in a body, None if there is none, or bytes that are no text."""
    config = (body or {}).get("config")
    return config if isinstance(config, str) else None


def _first_change(config: str, before: tuple[str, ...]) -> int | None:
    """Return the number of the first line in which a config differs from that of an example."""
    pairs = zip(config.splitlines(), (_config(body_of(before)) or "").splitlines(), strict=False)
    return next((n for n, (one, other) in enumerate(pairs, 1) if one != other), None)
