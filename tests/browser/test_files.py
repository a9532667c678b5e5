"""How the page and its files are served."""

from __future__ import annotations

import re
from typing import Final

import pytest

from tests.cli.running import ROOT

pytest.importorskip("fastapi", reason="the service needs the extra `api`")

from fastapi.testclient import TestClient  # after the check above
from loracfg_api.app import create_app

CLIENT: Final = TestClient(create_app())
FOLDER: Final = ROOT / "api" / "page"
NAMES: Final = sorted(path.name for path in FOLDER.iterdir() if path.name != "index.html")
MEDIA_TYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def test_page_has_a_policy() -> None:
    answer = CLIENT.get("/")
    assert answer.content == (FOLDER / "index.html").read_bytes()
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"].split("; ")
    assert policy[:2] == ["default-src 'none'", "script-src 'self'"]
    assert "unsafe" not in "".join(policy)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_served(name: str) -> None:
    answer = CLIENT.get(f"/page/{name}")
    assert answer.content == (FOLDER / name).read_bytes()
    suffix = "." + name.rpartition(".")[2]
    assert answer.headers["content-type"].partition(";")[0] == MEDIA_TYPES[suffix]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/page/main.js"])
def test_known_files_are_not_sent_again(path: str) -> None:
    first = CLIENT.get(path)
    assert first.headers["cache-control"] == "no-cache"
    tag = first.headers["etag"]
    for known in (tag, f'"other", W/{tag}', "*"):
        again = CLIENT.get(path, headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert CLIENT.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.parametrize("name", ["index.html", "other.js", "..%2fapp.py", "%2e%2e/app.py", ""])
def test_nothing_else_is_served(name: str) -> None:
    assert CLIENT.get(f"/page/{name}").status_code == 404


def test_page_names_its_own_files_only() -> None:
    text = (FOLDER / "index.html").read_text()
    named = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert {name for name in named if name.startswith("page/")} == {
        "page/icon.svg",
        "page/on_service.js",
        "page/style.css",
    }
    assert not [name for name in named if ":" in name or name.startswith("/")]


def test_no_script_parses_markup() -> None:
    for path in (*FOLDER.glob("*.js"), *FOLDER.parent.glob("site/page/*.js")):
        assert not re.search(r"innerHTML|outerHTML|insertAdjacent|eval\(", path.read_text()), path
