"""The files of the page, and the folder that they are written to."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import tempfile
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final, NamedTuple

from loracfg_api.static_page.compiled_code import compiled
from loracfg_api.static_page.hub_place import HUGGING_FACE, HubPlace
from loracfg_api.static_page.python_code import as_tar, as_zip, library_files, source_files

from loracfg.errors import LoracfgError

SERVICE_SCRIPT: Final = '<script type="module" src="page/on_service.js"></script>'
"""The line of the service's page that the page without a server replaces."""
OFFLINE: Final = "offline_files.js"
"""What the page keeps for use offline; it shows that a folder is one that we wrote."""
_SHARED_POLICY: Final = ("default-src 'none'", "base-uri 'none'", "form-action 'none'")
_POLICY: Final = (
    *_SHARED_POLICY,
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self' blob:",
    "connect-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "manifest-src 'self'",
)
_FRAME_POLICY: Final = "frame-src 'self'"
_HEAD: Final = (
    '<meta name="referrer" content="no-referrer">',
    '<link rel="manifest" href="manifest.webmanifest">',
    '<script type="module" src="page/on_static_page.js"></script>',
)
_FRAME: Final = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  {policy}
  <meta name="referrer" content="no-referrer">
  <title>Asks the Hub</title>
  <script type="module" src="page/hub_frame.js"></script>
</head>
</html>
"""
_MANIFEST: Final = {
    "name": "loracfg",
    "short_name": "loracfg",
    "description": "Check that a LoRA adapter fits its base model.",
    "start_url": "./",
    "display": "standalone",
    "icons": [{"src": "page/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
}
_INDEX: Final = "index.html"
_ONLY_SERVICE: Final = ("on_service.js", "service.js")
_HUB_PAGE: Final = "hub.html"
_HUB_PLACE: Final = "page/hub_place.js"
_AT_TOP: Final = ("offline.js",)
_OF_PYODIDE: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_LIBRARY: Final = "python_stdlib.zip"


class OtherProjects(NamedTuple):
    """What other projects contribute: the folder of Pyodide, and wheels."""

    pyodide: Path
    wheels: list[Path]


def page_files(
    parts: OtherProjects, *, compiles: bool, hub: HubPlace | None = HUGGING_FACE
) -> dict[str, bytes]:
    """Return the files of the page by their paths.

    Args:
        parts: what other projects contribute.
        compiles: whether the Python code is compiled, for which node is needed.
        hub: the Hub that readers may let the page ask; None if they may not.

    Raises:
        LoracfgError: if it cannot be compiled.
    """
    content = {}
    for name in _OF_PYODIDE:
        content[f"pyodide/{name}"] = (parts.pyodide / name).read_bytes()
    lock = json.loads((parts.pyodide / "pyodide-lock.json").read_bytes())
    content["pyodide/lock.json"] = json.dumps({"info": lock["info"], "packages": {}}).encode()
    code, library = as_tar(source_files(parts.wheels)), parts.pyodide / _LIBRARY
    if compiles:
        code = compiled(code, parts.pyodide)
        content[f"pyodide/{_LIBRARY}"] = as_zip(
            compiled(as_tar(library_files(library)), parts.pyodide)
        )
    else:
        content[f"pyodide/{_LIBRARY}"] = library.read_bytes()
    content["python.tgz"] = gzip.compress(code, 9, mtime=0)
    return with_page(content, hub)


def with_page(content: Mapping[str, bytes], hub: HubPlace | None) -> dict[str, bytes]:
    """Return files of the engine with those that readers see, for a Hub or for none.

    Args:
        content: the files of the engine; of an earlier page, all others are replaced.
        hub: the Hub that readers may let the page ask.
    """
    engine = {name: data for name, data in content.items() if name != _HUB_PAGE}
    made = engine | _shown_files(hub)
    made.pop(OFFLINE, None)
    return made | {OFFLINE: _kept_offline(made)}


def _shown_files(hub: HubPlace | None) -> dict[str, bytes]:
    shared, own = (files(f"loracfg_api{part}").joinpath("page") for part in ("", ".static_page"))
    content = {
        one.name if one.name in _AT_TOP else f"page/{one.name}": one.read_bytes()
        for one in (*shared.iterdir(), *own.iterdir())
        if one.is_file() and one.name not in (_INDEX, *_ONLY_SERVICE)
    }
    index = shared.joinpath(_INDEX).read_text("utf-8")
    before, found, after = index.partition(SERVICE_SCRIPT)
    assert found, "the page of the service has no script to replace"
    policy = _policy(*_POLICY, *([_FRAME_POLICY] if hub else []))
    content[_INDEX] = "".join((before, "\n  ".join((policy, *_HEAD)), after)).encode()
    content[_HUB_PLACE] = f"export const HUB = {json.dumps(hub and hub._asdict())};\n".encode()
    if hub:
        content[_HUB_PAGE] = _frame(hub)
    content["manifest.webmanifest"] = json.dumps(_MANIFEST, indent=2).encode()
    return content


def _frame(hub: HubPlace) -> bytes:
    """Return the document that asks the Hub, the only one whose policy allows that."""
    allowed = " ".join((hub.origin, *hub.files))
    policy = _policy(*_SHARED_POLICY, "script-src 'self'", f"connect-src {allowed}")
    return _FRAME.format(policy=policy).encode()


def _policy(*directives: str) -> str:
    return f'<meta http-equiv="Content-Security-Policy" content="{"; ".join(directives)}">'


def _kept_offline(content: Mapping[str, bytes]) -> bytes:
    """Return the script that names all files, and a digest of them."""
    digest = hashlib.sha256()
    for name, data in sorted(content.items()):
        digest.update(f"{name} {len(data)}\n".encode() + data)
    names = ["./", *sorted(name for name in content if name != _INDEX)]
    return (
        f"self.VERSION = {json.dumps(digest.hexdigest()[:16])};\n"
        f"self.FILES = {json.dumps(names)};\n"
    ).encode()


def write_page(content: Mapping[str, bytes], output: Path) -> None:
    """Write the page to a folder, which takes the place of an earlier one.

    Raises:
        LoracfgError: if the folder has other files, or cannot be written.
    """
    try:
        if output.exists() and not (output / OFFLINE).is_file() and any(output.iterdir()):
            message = f"`{output}` has files that are not of an earlier page"
            raise LoracfgError(message, "choose an empty or new folder")
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent) as work:
            made = Path(work, "page")
            for name, data in content.items():
                path = made / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            shutil.rmtree(output, ignore_errors=True)
            made.rename(output)
    except OSError as error:
        message = f"`{output}` cannot be written: {error.strerror}"
        raise LoracfgError(message, "choose a folder that you may write to") from None
