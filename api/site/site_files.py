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

from loracfg_api.site.compiled_code import compiled
from loracfg_api.site.python_code import as_tar, as_zip, library_files, source_files

from loracfg.errors import LoracfgError

SERVICE_SCRIPT: Final = '<script type="module" src="page/on_service.js"></script>'
"""The line of the service's page that the page without a server replaces."""
OFFLINE: Final = "offline_files.js"
"""What the page keeps for use offline; it shows that a folder is one that we wrote."""
_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
_HEAD: Final = (
    f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
    '<meta name="referrer" content="no-referrer">',
    '<link rel="manifest" href="manifest.webmanifest">',
    '<script type="module" src="page/on_site.js"></script>',
)
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
_AT_TOP: Final = ("offline.js",)
_OF_PYODIDE: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_LIBRARY: Final = "python_stdlib.zip"


class OtherProjects(NamedTuple):
    """What other projects contribute: the folder of Pyodide, and wheels."""

    pyodide: Path
    wheels: list[Path]


def site_files(parts: OtherProjects, *, compiles: bool) -> dict[str, bytes]:
    """Return the files of the page by their paths.

    Args:
        parts: what other projects contribute.
        compiles: whether the Python code is compiled, for which node is needed.

    Raises:
        LoracfgError: if it cannot be compiled.
    """
    content = _page_files()
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
    content[OFFLINE] = _kept_offline(content)
    return content


def _page_files() -> dict[str, bytes]:
    shared, own = (files(f"loracfg_api{part}").joinpath("page") for part in ("", ".site"))
    content = {
        one.name if one.name in _AT_TOP else f"page/{one.name}": one.read_bytes()
        for one in (*shared.iterdir(), *own.iterdir())
        if one.is_file() and one.name not in (_INDEX, *_ONLY_SERVICE)
    }
    index = shared.joinpath(_INDEX).read_text("utf-8")
    before, found, after = index.partition(SERVICE_SCRIPT)
    assert found, "the page of the service has no script to replace"
    content[_INDEX] = "".join((before, "\n  ".join(_HEAD), after)).encode()
    content["manifest.webmanifest"] = json.dumps(_MANIFEST, indent=2).encode()
    return content


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


def write_site(content: Mapping[str, bytes], output: Path) -> None:
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
