"""An application with small limits, and archives that no tool creates."""

from __future__ import annotations

import io
import tarfile
import zipfile
from typing import Any

from loracfg_api.settings import Settings

from tests.api import asgi

SMALL = Settings(
    access_log=False,
    max_json_bytes=100_000,
    max_upload_bytes=2_000_000,
    max_config_bytes=50_000,
    max_header_bytes=20_000,
    max_kept_bytes=90_000,
    max_files=5,
    max_adapters=2,
    max_tensors=3,
)
IMPATIENT = SMALL.model_copy(update={"idle_seconds": 0.2, "upload_seconds": 0.5})


def refused(answer: asgi.Answer, status: int, words: str) -> None:
    assert answer.status == status, answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.json["detail"]


def send_file(app: Any, name: str, data: bytes = b"{}") -> asgi.Answer:
    body = asgi.form(asgi.part("file", name, [data]))
    return asgi.post(app, "/validate", body, content_type=asgi.FORM)


def send_archive(app: Any, data: bytes) -> asgi.Answer:
    body = asgi.form(asgi.part("archive", "a", [data]))
    return asgi.post(app, "/validate", body, content_type=asgi.FORM)


def zip_of(*entries: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return file.getvalue()


def tar_of(*entries: tarfile.TarInfo, mode: str = "w") -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=mode) as archive:  # type: ignore[call-overload]
        for entry in entries:
            archive.addfile(entry, io.BytesIO(bytes(entry.size)))
    return file.getvalue()


def tar_entry(name: str, size: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.type, entry.linkname = size, kind, "/etc/passwd"
    return entry
