"""Bases at URLs, and URLs as the places of findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from loracfg.report.formats import FORMATS
from tests.cli.running import call, write_adapter
from tests.sources.adapters import CONFIG, adapter, codes
from tests.sources.test_web import judged
from tests.web_server import WebServer

pytest.importorskip("httpx2", reason="URLs are read with it")


def test_a_base_at_a_url(server: WebServer, base: Path) -> None:
    url = server.add_folder("a", adapter())
    config = (base / "config.json").read_bytes()
    at = server.add_folder("base", {"config.json": config})
    for named in (at, f"{at}/", f"{at}/config.json"):
        (report,) = judged(url, more=("--base", f"{named}?key=s3cret"))
        assert report["status"] == "valid"
        assert report["base"]["config"] == f"{at}/config.json"
    (report,) = judged(url, more=("--base", f"{server.address}/none?key=s3cret"))
    assert (report["status"], codes(report)) == ("error", ["LC005"])
    assert f"`{server.address}/none/config.json` does not exist" in json.dumps(report)
    assert "s3cret" not in json.dumps(report)
    said = call("compat", url, "--base", f"{server.address}/none?key=s3cret")
    assert said.status == 2
    assert "s3cret" not in said.err


def _unescaped(text: str) -> str:
    """Return text without what the commands of GitHub escape."""
    return text.replace("%3A", ":").replace("%25", "%")


def test_the_place_of_a_base_at_a_url_is_the_url(server: WebServer, tmp_path: Path) -> None:
    here = write_adapter(tmp_path / "here")
    server.files["broken/config.json"] = b"{"
    for base in (f"{server.address}/none", f"{server.address}/broken", "foo://box/base"):
        url = base if base.startswith("foo") else f"{base}/config.json"
        said = [call("validate", here, "--base", base, "--format", one).out for one in FORMATS]
        assert all(url in _unescaped(text) for text in said)
        assert not [text for text in said if f"{url.replace('://', ':/')}" in text]
        assert url in call("fix", here, "--base", base).out


def test_the_place_of_an_adapter_at_a_url_is_the_url(server: WebServer) -> None:
    url = server.add_folder("a b", adapter('config {"r": 8}')).replace(" ", "%20")
    for one in ("text", "concise", "sarif", "github", "gitlab"):
        assert f"{url}/{CONFIG}" in _unescaped(call("validate", url, "--format", one).out)


def test_what_an_adapter_names_as_its_base_is_no_url(server: WebServer, base: Path) -> None:
    at = server.add_folder("base", {"config.json": (base / "config.json").read_bytes()})
    url = server.add_folder("a", adapter(f'config {{"base_model_name_or_path": "{at}"}}'))
    for more in ((), ("--online",)):
        (report,) = judged(url, more=more)
        assert report["status"] == "undetermined"
    assert not [asked for asked in server.asked if "base" in asked.path]
