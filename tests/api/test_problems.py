"""Problem documents say what is wrong with a request, in our words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from tests.api.forms import post

ROUTES = ("/validate", "/modules", "/migrate")


@pytest.fixture
def rooted(tmp_path: Path) -> TestClient:
    return TestClient(create_app(Settings(roots=(tmp_path,), access_log=False)))


@pytest.mark.parametrize(
    ("path", "detail"),
    [
        ("../x", "`../x` is not a path under a root"),
        ("/etc", "`/etc` is not a path under a root"),
        ("a\\b", "`a\\b` is not a path under a root"),
        ("a\nb", "`a\\u000ab` is not a path under a root"),
        ("", "`path` is empty"),
        (".", "`path` does not name a folder"),
    ],
)
def test_path_that_cannot_be_under_a_root(path: str, detail: str, rooted: TestClient) -> None:
    for body in ({"path": path}, {"config": "{}", "base": {"path": path}}):
        problem = post(rooted, body).json()
        assert (problem["status"], problem["detail"]) == (422, detail)
        assert problem["help"] == "send the path of a folder, relative to a root and without `..`"


@pytest.mark.parametrize("field", ["file", "archive"])
def test_file_without_a_name(field: str, client: TestClient) -> None:
    problem = client.post("/validate", files={field: (None, b"{}")}).json()
    assert problem["detail"] == f"the field `{field}` has no file name"
    assert problem["help"] == "send it as a file, with its name"


def test_unknown_field(client: TestClient) -> None:
    problem = client.post("/validate", files={"fil\x7f": (None, b"{}")}).json()
    assert problem["detail"].startswith("unknown field `fil")
    assert problem["help"] == (
        "use `file`, `archive`, `base`, `name`, `class`, `peft`, `preview`, `select`, `ignore` "
        "or `for`"
    )


@pytest.mark.parametrize("route", ROUTES)
def test_content_type(route: str, client: TestClient) -> None:
    problem = client.post(route, content=b"{}", headers={"Content-Type": "text/plain"}).json()
    assert problem["detail"] == "the body has the content type `text/plain`"
    problem = client.post(route, content=b"{}").json()
    assert (problem["status"], problem["detail"]) == (415, "the request has no `Content-Type`")


@pytest.mark.parametrize(
    ("authorization", "detail"),
    [
        ({"Authorization": "Bearer other"}, "the token is wrong"),
        ({"Authorization": "Bearer "}, "this service requires a token"),
        ({"Authorization": "Basic secret"}, "this service requires a token"),
        ({}, "this service requires a token"),
    ],
)
def test_token(authorization: dict[str, str], detail: str) -> None:
    settings: dict[str, Any] = {"token": "secret", "access_log": False}
    client = TestClient(create_app(Settings.model_validate(settings)))
    for route in ROUTES:
        problem = client.post(route, json={}, headers=authorization).json()
        assert (problem["status"], problem["detail"]) == (401, detail)
