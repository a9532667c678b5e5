"""Every way to send an adapter and its base to the service."""

from __future__ import annotations

import io
import json
import tarfile
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fastapi.testclient import TestClient

from loracfg.adapter.header.safetensors_file import read_head

Answer = Any
Send = Callable[[TestClient, Path, Path], Answer]
CONFIG: Final = "adapter_config.json"
WEIGHTS: Final = ("adapter_model.safetensors", "adapter_model.bin")


def body_of(adapter: Path, base: Path) -> dict[str, Any]:
    """Return the JSON body that has configs and the beginning of the weights."""
    files = {path.name: path for path in sorted(adapter.iterdir()) if path.is_file()}
    body: dict[str, Any] = {"name": adapter.name, "base": {"name": str(base)}}
    body["base"]["config"] = base.read_text()
    if config := files.pop(CONFIG, None):
        body |= config_of(config.read_bytes())
    weights = next((name for name in WEIGHTS if name in files), None)
    if weights:
        path = files.pop(weights)
        body["weights"] = {"file": weights, "head": head_of(path), "size": path.stat().st_size}
    sizes = {name: path.stat().st_size for name, path in files.items()}
    for folder in (path for path in adapter.iterdir() if path.is_dir()):
        sizes[f"{folder.name}/"] = 0
        sizes |= {f"{folder.name}/{p.name}": p.stat().st_size for p in folder.iterdir()}
    return body | {"files": sizes}


def config_of(data: bytes) -> dict[str, str]:
    """Return a config as the body has it."""
    try:
        return {"config": data.decode()}
    except UnicodeDecodeError:
        return {"config_base64": b64encode(data).decode()}


def head_of(path: Path) -> str:
    """Return the beginning of a weight file in base64."""
    if path.suffix == ".bin":
        return b64encode(path.read_bytes()).decode()
    with path.open("rb") as stream:
        return b64encode(read_head(stream)).decode()


def send_json(client: TestClient, adapter: Path, base: Path) -> Answer:
    return client.post("/validate", json=body_of(adapter, base))


def send_files(client: TestClient, adapter: Path, base: Path) -> Answer:
    parts = [("file", (name, path.read_bytes())) for name, path in members(adapter) if path]
    return client.post("/validate", files=[*parts, base_part(base)])


def send_zip(client: TestClient, adapter: Path, base: Path) -> Answer:
    return _send_archive(client, zipped(adapter, zipfile.ZIP_DEFLATED), base)


def send_stored_zip(client: TestClient, adapter: Path, base: Path) -> Answer:
    return _send_archive(client, zipped(adapter, zipfile.ZIP_STORED), base)


def send_tar(client: TestClient, adapter: Path, base: Path) -> Answer:
    return _send_archive(client, tarred(adapter, "w"), base)


def send_tar_gz(client: TestClient, adapter: Path, base: Path) -> Answer:
    return _send_archive(client, tarred(adapter, "w:gz"), base)


FORMS: Final[dict[str, Send]] = {
    "json": send_json,
    "files": send_files,
    "zip": send_zip,
    "zip, stored": send_stored_zip,
    "tar": send_tar,
    "tar.gz": send_tar_gz,
}


def members(adapter: Path) -> list[tuple[str, Path | None]]:
    """Return what a folder holds by name, with its own name before; no path for a folder."""
    found: list[tuple[str, Path | None]] = []
    for path in sorted(adapter.rglob("*")):
        name = f"{adapter.name}/{path.relative_to(adapter).as_posix()}"
        found.append((f"{name}/", None) if path.is_dir() else (name, path))
    return found


def base_part(base: Path) -> tuple[str, tuple[str, bytes]]:
    """Return the part of a form that brings the base's config."""
    return "base", (str(base), base.read_bytes())


def zipped(adapter: Path, compression: int) -> bytes:
    """Return a zip archive of a folder."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        archive.writestr(f"{adapter.name}/", b"")
        for name, path in members(adapter):
            archive.writestr(name, path.read_bytes() if path else b"")
    return file.getvalue()


def tarred(adapter: Path, mode: str) -> bytes:
    """Return a tar archive of a folder."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        archive.add(adapter, adapter.name)
    return file.getvalue()


def _send_archive(client: TestClient, data: bytes, base: Path) -> Answer:
    files = [("archive", ("adapter.archive", data)), base_part(base)]
    return client.post("/validate", files=files)


def post(client: TestClient, body: Any, path: str = "/validate") -> Answer:
    """Send a JSON body as text."""
    headers = {"Content-Type": "application/json"}
    return client.post(path, content=json.dumps(body).encode(), headers=headers)
