"""The OpenAPI document: what the types of the routes cannot express."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from loracfg_api import examples
from loracfg_api.body import MigrateBody, ValidateBody, ValidatePlace
from loracfg_api.plan_body import PlanBody
from loracfg_api.problem_response import PROBLEM_JSON
from loracfg_api.problems import Problem
from loracfg_api.submission import CODES, RELEASE_NAMES, RUNTIMES
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from loracfg.config.schema.schema_files import PLAN, REPORT, read_file
from loracfg.report.formats import FORMATS
from loracfg.serving.admission.review import API_VERSION, KIND
from loracfg.sources.archive.member_names import MAX_NAME

_REF: Final = "#/components/schemas/"

_STATUSES: Final = {
    "validate": (400, 401, 404, 408, 409, 413, 415, 422, 503),
    "admission": (400, 401, 408, 413, 415, 422, 503),
    "migrate": (400, 401, 408, 409, 413, 415, 422, 503),
    "plan": (400, 401, 404, 408, 413, 415, 422, 503),
    "schemas": (304,),
    "schema": (304, 404, 422),
    "rules": (),
    "rule": (404, 422),
    "base": (404, 422),
    "metrics": (401,),
    "readiness": (503,),
}
_MEANINGS: Final = {
    304: "Not modified since the given `ETag`.",
    400: "The body cannot be read.",
    401: "The token is missing or wrong.",
    404: "Not found.",
    409: "Two files have the same name, or both files and an archive were sent.",
    408: "Timed out while reading the body.",
    413: "The body, a file or the work exceeds a limit of this service.",
    415: "The media type of the body is not supported.",
    422: "The request does not have the format that the route expects.",
    503: "The service is busy or stopping.",
}


def problems(route: str) -> dict[int | str, dict[str, object]]:
    """Return the responses of a route other than 200."""
    content = {PROBLEM_JSON: {"schema": {"$ref": _REF + "Problem"}}}
    found: dict[int | str, dict[str, object]] = {
        status: {"description": _MEANINGS[status], **({"content": content} if status > 399 else {})}
        for status in _STATUSES[route]
    }
    return found | _ANSWERS.get(route, {})


def _link(operation: str, parameter: str, pointer: str) -> dict[str, object]:
    """Return a link that takes the parameter of a different route from a response."""
    return {"operationId": operation, "parameters": {parameter: f"$response.body#{pointer}"}}


def described(route: str) -> dict[str, object]:
    """Return the parameters, bodies and responses of a route that reads its request itself."""
    return _ROUTES[route]


def _json(schema: Mapping[str, object], values: Mapping[str, object]) -> dict[str, object]:
    """Return the content of a JSON body, with examples by their names."""
    shown = {name: {"value": value} for name, value in values.items()}
    return {"application/json": {"schema": schema, "examples": shown}}


def _body(model: type[BaseModel], values: Mapping[str, object]) -> dict[str, object]:
    """Return the body of a route that only takes JSON."""
    return {"required": True, "content": _json({"$ref": _REF + model.__name__}, values)}


def _schema_of(media_type: str) -> dict[str, object]:
    """Return a schema for reports of a media type, which several formats may share."""
    if media_type == "application/json":
        return {"anyOf": [{"$ref": _REF + "Report"}, _GITLAB]}
    return _SARIF if media_type.endswith("+json") else _TEXT


_FILES: Final = {
    "type": "array",
    "items": {"type": "string", "format": "binary"},
    "minItems": 1,
}
_TEXT: Final[dict[str, object]] = {"type": "string"}
_GITLAB: Final[dict[str, object]] = {
    "type": "array",
    "description": "With `?format=gitlab`: a Code Quality report.",
    "items": {
        "type": "object",
        "properties": {
            "description": _TEXT,
            "check_name": _TEXT,
            "fingerprint": _TEXT,
            "severity": _TEXT,
            "location": {"type": "object"},
        },
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
    },
}
_SARIF: Final[dict[str, object]] = {
    "type": "object",
    "description": "A SARIF 2.1.0 log.",
    "properties": {"version": {"const": "2.1.0"}, "runs": {"type": "array"}},
    "required": ["version", "runs"],
}
_CODE: Final = {"type": "array", "items": {"type": "string", "enum": [*CODES]}}
_FORM: Final = {
    "type": "object",
    "properties": {
        "file": {**_FILES, "description": "The files of the adapter, each with its file name."},
        "archive": {
            "type": "string",
            "format": "binary",
            "description": "A zip, tar or tar.gz of adapters, instead of files.",
        },
        "base": {
            **_FILES,
            "description": "The `config.json` of the base, its checkpoint, or both.",
        },
        "name": {
            **_TEXT,
            "maxLength": MAX_NAME,
            "description": "Name of the adapter in the report.",
        },
        "class": {
            **_TEXT,
            "maxLength": 200,
            "description": "Model class (default: the one in the config).",
        },
        "peft": {
            **_TEXT,
            "enum": [*RELEASE_NAMES],
            "description": "Also check that this PEFT release loads it.",
        },
        "for": {
            "type": "array",
            "items": {"type": "string", **RUNTIMES},
            "description": "Also check that these engines load it and compute the same.",
        },
        "select": {**_CODE, "description": "Only report these rules."},
        "ignore": {**_CODE, "description": "Do not report these rules."},
        "preview": {
            **_TEXT,
            "enum": ["true", "false"],
            "description": "Also run rules that are in preview.",
        },
    },
    "additionalProperties": False,
}
_ENCODING: Final = {
    "archive": {"contentType": "application/zip, application/x-tar, application/gzip"}
}
_ANSWERS: Final[dict[str, dict[int | str, dict[str, object]]]] = {
    "schemas": {
        200: {
            "content": {"application/json": {"schema": {"type": "object"}}},
            "links": {"schema": _link("schema", "peft_version", "/newest")},
        }
    },
    "schema": {
        200: {
            "description": "The schema, as installed.",
            "content": {"application/schema+json": {"schema": {"type": "object"}}},
        }
    },
    "rules": {200: {"links": {"rule": _link("rule", "code", "/0/code")}}},
}
_PLAIN: Final = {"schema": _TEXT}
_ADAPTERS: Final = {
    "required": True,
    "content": {
        **_json(
            {"anyOf": [{"$ref": _REF + "ValidateBody"}, {"$ref": _REF + "ValidatePlace"}]},
            examples.VALIDATION,
        ),
        "multipart/form-data": {"schema": _FORM, "encoding": _ENCODING},
    },
}

_OBJECT: Final = {"type": "object"}
_OF_REVIEW: Final = {
    "apiVersion": {"const": API_VERSION},
    "kind": {"const": KIND},
}
_REVIEW: Final = {
    "type": "object",
    "description": "An AdmissionReview of Kubernetes.",
    "properties": {
        **_OF_REVIEW,
        "request": {
            "type": "object",
            "properties": {
                "uid": {"type": "string", "minLength": 1, "maxLength": 256},
                "operation": {
                    "type": "string",
                    "minLength": 1,
                    "description": "`CREATE` or `UPDATE`; anything else is allowed.",
                },
                "subResource": {"description": "Anything with one is allowed."},
                "object": {"description": "The resource as it will be."},
                "oldObject": {"description": "The resource as it is."},
            },
            "required": ["uid", "operation"],
        },
    },
    "required": ["apiVersion", "kind", "request"],
}
_REVIEWED: Final = {
    "type": "object",
    "properties": {
        **_OF_REVIEW,
        "response": {
            "type": "object",
            "properties": {
                "uid": _TEXT,
                "allowed": {"type": "boolean"},
                "status": _OBJECT,
                "warnings": {"type": "array", "items": _TEXT},
                "auditAnnotations": {"type": "object", "additionalProperties": _TEXT},
            },
            "required": ["uid", "allowed"],
        },
    },
    "required": ["apiVersion", "kind", "response"],
}
_ROUTES: Final[dict[str, dict[str, object]]] = {
    "validate": {
        "requestBody": _ADAPTERS,
        "responses": {
            "200": {
                "description": "The report, as printed by the command line.",
                "content": {
                    one.media_type: {"schema": _schema_of(one.media_type)}
                    for one in FORMATS.values()
                },
                "links": {"rule": _link("rule", "code", "/adapters/0/diagnostics/0/code")},
            }
        },
    },
    "modules": {"requestBody": _ADAPTERS},
    "migrate": {"requestBody": _body(MigrateBody, examples.MIGRATION)},
    "plan": {
        "requestBody": _body(PlanBody, examples.PLAN),
        "responses": {
            "200": {
                "description": "The plan, as printed by the command line.",
                "content": {"application/json": {"schema": {"$ref": _REF + "Plan"}}},
            }
        },
    },
    "admission": {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _REVIEW}},
        },
        "responses": {
            "200": {
                "description": "The AdmissionReview with the answer.",
                "content": {"application/json": {"schema": _REVIEWED}},
            }
        },
    },
}


def openapi(app: FastAPI) -> dict[str, object]:
    """Return the OpenAPI document of an application, built once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            routes=app.routes,
            summary=app.summary,
            description=app.description,
        )
        own = document.setdefault("components", {})
        own.setdefault("schemas", {}).update(_components())
        _make_token_optional(document)
        app.openapi_schema = document
    return app.openapi_schema


def _make_token_optional(document: dict[str, Any]) -> None:
    """Make the token optional, since the operator need not set one."""
    for path in document["paths"].values():
        for operation in path.values():
            if "security" in operation:
                operation["security"] = [{}, *operation["security"]]


def _components() -> dict[str, object]:
    models = (ValidateBody, ValidatePlace, MigrateBody, PlanBody, Problem)
    _, made = models_json_schema(
        [(model, "validation") for model in models], ref_template=_REF + "{model}"
    )
    return {**made["$defs"], "Report": _own("Report", REPORT), "Plan": _own("Plan", PLAN)}


def _own(name: str, file: str) -> dict[str, object]:
    """Return a schema of ours, with references adjusted to its place in the document."""
    text = read_file(file).decode().replace('"#/definitions/', f'"{_REF}{name}/definitions/')
    schema: dict[str, object] = json.loads(text)
    schema.pop("$id", None)
    schema.pop("$schema", None)
    return schema
