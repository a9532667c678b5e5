"""Problem documents say what is wrong with a request, in our words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.settings import Settings

from tests.api.forms import post
from tests.cli.running import call

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


LONG = "a" * 1025
BODIES: list[tuple[Any, list[tuple[str, str]]]] = [
    (None, [("", "the body is `null`, not an object")]),
    ([], [("", "the body is `[]`, not an object")]),
    ({"nope": 1}, [("/nope", "it is not a known key")]),
    ({"config": 3}, [("/config", "it is `3`, not a string or an object")]),
    ({"weights": 3}, [("/weights", "it is `3`, not an object")]),
    ({"weights": {"head": ""}}, [("/weights/size", "it is missing")]),
    ({"weights": {"header": {}, "head": ""}}, [("/weights/head", "it is not a known key")]),
    ({"weights": {"head": "!", "size": 1}}, [("/weights/head", "not valid base64")]),
    (
        {"weights": {"head": 3, "size": -1, "file": "a"}},
        [
            ("/weights/head", "it is `3`, not a string"),
            ("/weights/size", "it is `-1`, but must be `0` or more"),
            (
                "/weights/file",
                'it is `"a"`, not `adapter_model.safetensors` or `adapter_model.bin`',
            ),
        ],
    ),
    ({"files": {"str": "x"}}, [("/files/str", 'it is `"x"`, not an integer or an object')]),
    ({"files": {"a": {"size": 1}}}, [("/files/a/head", "it is missing")]),
    ({"files": {"a": -1}}, [("/files/a", "it is `-1`, but must be `0` or more")]),
    (
        {"files": {LONG: 1}},
        [(f"/files/{LONG}", "the name has 1025 characters, more than 1024")],
    ),
    ({"links": [LONG]}, [("/links/0", "it has 1025 characters, more than 1024")]),
    ({"path": LONG}, [("/path", "it has 1025 characters, more than 1024")]),
    (
        {"base": {"files": {LONG: 1}}},
        [(f"/base/files/{LONG}", "the name has 1025 characters, more than 1024")],
    ),
    ({"links": ["a"] * 10_001}, [("/links", "it has 10001 items, more than 10000")]),
    ({"base": 3}, [("/base", "it is `3`, not a string or an object")]),
    ({"base": {"config": 3}}, [("/base/config", "it is `3`, not a string or an object")]),
    ({"base": {"path": 3}}, [("/base/path", "it is `3`, not a string")]),
    (
        {"base": {"weights": {"a": {}}}},
        [("/base/weights/a/head", "it is missing"), ("/base/weights/a/size", "it is missing")],
    ),
    ({"path": 3}, [("/path", "it is `3`, not a string")]),
    ({"path": "a", "config": "{}"}, [("/config", "it is not a known key")]),
    (
        {"options": {"preview": "yes"}},
        [("/options/preview", 'it is `"yes"`, not `true` or `false`')],
    ),
    (
        {"options": {"class": "a" * 201}},
        [("/options/class", "it has 201 characters, more than 200")],
    ),
]


def test_names_at_the_limit_are_accepted(client: TestClient) -> None:
    name = LONG[:-1]
    for body in ({"files": {name: 1}}, {"links": [name]}, {"base": {"files": {name: 1}}}):
        assert post(client, body).status_code == 200


@pytest.mark.parametrize(("body", "errors"), BODIES)
def test_errors_of_bodies(body: Any, errors: list[tuple[str, str]], client: TestClient) -> None:
    problem = post(client, body).json()
    assert problem["status"] == 422
    assert [(one["pointer"], one["message"]) for one in problem["errors"]] == errors
    pointer, message = errors[0]
    assert problem["detail"] == (f"`{pointer[:200]}`: {message}" if pointer else message)


def test_errors_of_bodies_that_fastapi_reads(client: TestClient) -> None:
    assert post(client, None, "/migrate").json()["detail"] == "the body is `null`, not an object"
    problem = post(client, {"to": 3, "config": 1, "no": 1}, "/migrate").json()
    assert [(one["pointer"], one["message"]) for one in problem["errors"]] == [
        ("/config", "it is `1`, not a string or an object"),
        ("/to", "it is `3`, not a string"),
        ("/no", "it is not a known key"),
    ]


def test_errors_of_parameters(client: TestClient) -> None:
    problem = client.get("/schema/0.12?variant=x").json()
    assert problem["detail"] == '`variant` is `"x"`, not `strict` or `open`'
    assert problem["errors"][0]["pointer"] == "/query/variant"
    problem = client.get(f"/rules/{'x' * 101}").json()
    assert problem["detail"] == "`code` has 101 characters, more than 100"


@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"peft": "9"}, "use one from `0.0.1` to"),
        ({"peft": "0.0.1"}, "or a newer release"),
        ({"for": ["no-engine"]}, "use one of `comfyui`"),
        ({"for": ["vllm==0.0.77"]}, "use `"),
        ({"select": ["LC999"]}, "`GET /rules` lists all rules"),
    ],
)
def test_advice_of_the_command_line(
    options: dict[str, Any], advice: str, client: TestClient, place: Path
) -> None:
    problem = post(client, {"options": options}).json()
    assert advice in problem["help"]
    ((name, value),) = options.items()
    given = value if isinstance(value, str) else value[0]
    arguments = ("validate", "adapter", f"--{name}", given)
    here = call(*arguments)
    assert problem["errors"][0]["message"] in here.err
    assert here.status == 2
    assert call(*arguments, "--server", "http://127.0.0.1:1") == here


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("TOKEN", "", "is empty"),
        ("MAX_FILES", "x", 'is `"x"`, not an integer'),
        ("MAX_FILES", "0", 'is `"0"`, but must be above `0`'),
        ("MAX_WAITING", "-1", 'is `"-1"`, but must be `0` or more'),
        ("IDLE_SECONDS", "x", 'is `"x"`, not a number'),
        ("ACCESS_LOG", "x", 'is `"x"`, not `true` or `false`'),
    ],
)
def test_settings(name: str, value: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(f"LORACFG_{name}", value)
    outcome = call("serve", "--port", "0")
    assert outcome.status == 2
    assert outcome.err.startswith(f"loracfg: `LORACFG_{name}` {message}; ")
