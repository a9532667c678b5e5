"""Answers are what the OpenAPI document says, for every route and media type."""

from __future__ import annotations

from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from fastapi.testclient import TestClient
from loracfg_api.app import create_app
from loracfg_api.examples import MIGRATION, VALIDATION
from loracfg_api.settings import Settings

from loracfg.report.formats import FORMATS
from tests.api.forms import post

APP = create_app(Settings(access_log=False))
DOCUMENT: dict[str, Any] = APP.openapi()
REPORT = {"$ref": "#/components/schemas/Report"}


def check(answer: Any, method: str, route: str) -> None:
    """Check the media type and the content of a successful answer."""
    assert answer.status_code == 200, answer.text
    content = DOCUMENT["paths"][route][method]["responses"]["200"]["content"]
    media_type = answer.headers["content-type"].partition(";")[0]
    schema = content[media_type]["schema"]
    assert schema, "it allows everything"
    value = answer.json() if media_type.endswith("json") else answer.text
    whole = {**schema, "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


@pytest.mark.parametrize("format_name", FORMATS)
@pytest.mark.parametrize("example", VALIDATION)
def test_reports(example: str, format_name: str, client: TestClient) -> None:
    answer = post(client, VALIDATION[example], f"/validate?format={format_name}")
    check(answer, "post", "/validate")


def test_a_report_has_the_schema_of_reports(client: TestClient) -> None:
    content = DOCUMENT["paths"]["/validate"]["post"]["responses"]["200"]["content"]
    assert REPORT in content["application/json"]["schema"]["anyOf"]
    report = post(client, VALIDATION["wrong rank"]).json()
    validator = jsonschema.Draft202012Validator({**REPORT, "components": DOCUMENT["components"]})
    validator.validate(report)
    report["adapters"][0]["diagnostics"][0]["severity"] = "unknown"
    assert not validator.is_valid(report)


@pytest.mark.parametrize(
    ("route", "body"),
    [("/modules", VALIDATION["fits"]), ("/migrate", MIGRATION["to an older release"])],
)
def test_other_answers_about_adapters(route: str, body: Any, client: TestClient) -> None:
    check(post(client, body, route), "post", route)


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("/schema", "/schema"),
        ("/schema/{peft_version}", "/schema/0.12.0"),
        ("/rules", "/rules"),
        ("/rules/{code}", "/rules/LC503"),
        ("/bases", "/bases"),
        ("/bases/{model_type}", "/bases/llama"),
        ("/healthz", "/healthz"),
        ("/readyz", "/readyz"),
        ("/metrics", "/metrics"),
    ],
)
def test_answers_of_get(route: str, path: str, client: TestClient) -> None:
    check(client.get(path), "get", route)


def test_every_route_and_media_type_has_a_schema() -> None:
    for route, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            content = operation["responses"]["200"]["content"]
            assert content, (method, route)
            assert all(one["schema"] for one in content.values()), (method, route)


@pytest.mark.parametrize("body", [None, {"config": 3}])
def test_problems(body: Any, client: TestClient) -> None:
    whole = {"$ref": "#/components/schemas/Problem", "components": DOCUMENT["components"]}
    jsonschema.Draft202012Validator(whole).validate(post(client, body).json())
