"""The API server's part: what it sends to a webhook over TLS, and what it takes for an answer.

The facts are those of `k8s.io/api/admission/v1/types.go` and of the API server's webhook code: an
answer is a review of the same version and kind that repeats the uid.
"""

from __future__ import annotations

import http.client
import json
import re
import socket
import ssl
import uuid
from pathlib import Path
from typing import Any, Final, NamedTuple

import jsonschema  # type: ignore[import-untyped]
import yaml

from tests.serving.resources import SCHEMAS, Resource

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "admission.md"
BLOCKS: Final = re.findall(r"(?ms)^```yaml\n(.*?)^```$", PAGE.read_text("utf-8"))
MANIFEST: Final[list[dict[str, Any]]] = list(yaml.safe_load_all(BLOCKS[0]))
"""The Deployment, the Service and the webhook of the page."""
WEBHOOK: Final[dict[str, Any]] = MANIFEST[2]["webhooks"][0]
_ANSWER: Final = {
    "type": "object",
    "properties": {
        "apiVersion": {"const": "admission.k8s.io/v1"},
        "kind": {"const": "AdmissionReview"},
        "response": {
            "type": "object",
            "properties": {
                "uid": {"type": "string"},
                "allowed": {"type": "boolean"},
                "status": {
                    "type": "object",
                    "properties": {
                        "status": {"const": "Failure"},
                        "message": {"type": "string"},
                        "reason": {"type": "string"},
                        "code": {"type": "integer", "minimum": 400, "maximum": 599},
                    },
                    "additionalProperties": False,
                },
                "warnings": {"type": "array", "items": {"type": "string", "maxLength": 256}},
                "auditAnnotations": {
                    "type": "object",
                    "additionalProperties": {"type": "string"},
                    "propertyNames": {"pattern": "^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$"},
                },
            },
            "required": ["uid", "allowed"],
            "additionalProperties": False,
        },
    },
    "required": ["apiVersion", "kind", "response"],
    "additionalProperties": False,
}


class DeniedError(Exception):
    """The webhook denied a write: the message and the code for the client."""

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code


class Written(NamedTuple):
    """A write that was allowed: what the client and the audit log get."""

    warnings: list[str]
    annotations: dict[str, str]
    is_asked: bool = True


class ApiServer(NamedTuple):
    """An API server with the webhook of the page; `authority` is its `caBundle`, as PEM."""

    port: int
    authority: str

    def create(self, resource: Resource, **more: Any) -> Written:
        return self._write("CREATE", resource, None, **more)

    def update(self, old: Resource, new: Resource, **more: Any) -> Written:
        return self._write("UPDATE", new, old, **more)

    def _write(self, operation: str, new: Resource, old: Resource | None, **more: Any) -> Written:
        group, version = new["apiVersion"].split("/")
        plural, schema = SCHEMAS[group, new["kind"]]
        jsonschema.validate(new, schema)
        if not any(_matches(rule, group, version, plural, operation) for rule in WEBHOOK["rules"]):
            return Written([], {}, is_asked=False)
        kind = {"group": group, "version": version, "kind": new["kind"]}
        resource = {"group": group, "version": version, "resource": plural}
        request = {
            "uid": str(uuid.uuid4()),
            "kind": kind,
            "resource": resource,
            "requestKind": kind,
            "requestResource": resource,
            "name": new["metadata"]["name"],
            "namespace": new["metadata"]["namespace"],
            "operation": operation,
            "userInfo": {"username": "ann", "groups": ["system:authenticated"]},
            "object": new,
            "oldObject": old,
            "dryRun": False,
            "options": {"kind": "CreateOptions", "apiVersion": "meta.k8s.io/v1"},
            **more,
        }
        return _read(self.call(request), request["uid"])

    def call(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send a review with a request, and return the answer."""
        review = {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview"}
        return json.loads(self.send(json.dumps({**review, "request": request}).encode()))  # type: ignore[no-any-return]

    def send(self, body: bytes, status: int = 200) -> bytes:
        """Post a body to the webhook, as its `clientConfig` says, and return the answer's."""
        service = WEBHOOK["clientConfig"]["service"]
        host = f"{service['name']}.{service['namespace']}.svc"
        context = ssl.create_default_context(cadata=self.authority)
        plain = socket.create_connection(("127.0.0.1", self.port), 30)
        connection = http.client.HTTPConnection(host)
        connection.sock = context.wrap_socket(plain, server_hostname=host)
        try:
            path = f"{service['path']}?timeout={WEBHOOK['timeoutSeconds']}s"
            connection.request("POST", path, body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        assert answer.status == status, data
        return data


def _matches(rule: dict[str, Any], group: str, version: str, plural: str, operation: str) -> bool:
    asked = {
        "apiGroups": group,
        "apiVersions": version,
        "resources": plural,
        "operations": operation,
    }
    return all("*" in rule[key] or value in rule[key] for key, value in asked.items())


def _read(review: dict[str, Any], uid: str) -> Written:
    jsonschema.validate(review, _ANSWER)
    response = review["response"]
    assert response["uid"] == uid
    assert sum(map(len, response.get("warnings", []))) <= 4096
    if not response["allowed"]:
        raise DeniedError(response["status"]["message"], response["status"]["code"])
    return Written(response.get("warnings", []), response.get("auditAnnotations", {}))
