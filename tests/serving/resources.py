"""Resources that name adapters, and the schemas by which an API server checks them.

The schemas are facts of the resource definitions, written down here for the fields that matter:

- KServe `llm_inference_service_types.go` (v1alpha1, v1alpha2): `adapters` has no schema
- AIBrix `model.aibrix.ai_modeladapters.yaml` (v1alpha1)
- vLLM production stack `loraadapter_types.go` (v1alpha1)
- Dynamo `dynamo_model_types.go` (v1alpha1, v1beta1)
"""

from __future__ import annotations

from typing import Any, Final

Resource = dict[str, Any]

_TEXT: Final = {"type": "string"}
_SELECTOR: Final = {
    "type": "object",
    "properties": {"matchLabels": {"type": "object", "additionalProperties": _TEXT}},
}


def _schema(spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {"apiVersion": _TEXT, "kind": _TEXT, "metadata": {"type": "object"}}
        | {"spec": {"type": "object", **spec}},
        "required": ["apiVersion", "kind", "metadata", "spec"],
    }


_KSERVE: Final = _schema(
    {
        "properties": {
            "model": {
                "type": "object",
                "properties": {
                    "uri": _TEXT,
                    "name": _TEXT,
                    "lora": {
                        "type": "object",
                        "properties": {
                            "adapters": {},
                            "maxRank": {"type": "integer", "minimum": 1},
                            "maxAdapters": {"type": "integer", "minimum": 1},
                        },
                    },
                },
                "required": ["uri"],
            }
        },
        "required": ["model"],
    }
)
_AIBRIX: Final = _schema(
    {
        "properties": {
            "artifactURL": _TEXT,
            "baseModel": _TEXT,
            "podSelector": _SELECTOR,
            "replicas": {"type": "integer"},
            "schedulerName": _TEXT,
            "additionalConfig": {"type": "object", "additionalProperties": _TEXT},
        },
        "required": ["artifactURL", "podSelector"],
    }
)
_STACK: Final = _schema(
    {
        "properties": {
            "adapterSource": {
                "type": "object",
                "properties": {
                    "type": {"enum": ["local", "s3", "http", "huggingface"]},
                    "adapterName": _TEXT,
                    "adapterPath": _TEXT,
                    "repository": _TEXT,
                    "maxAdapters": {"type": "integer"},
                    "pattern": _TEXT,
                },
                "required": ["adapterName", "type"],
            },
            "baseModel": _TEXT,
        },
        "required": ["adapterSource", "baseModel"],
    }
)
_DYNAMO: Final = _schema(
    {
        "properties": {
            "modelName": _TEXT,
            "baseModelName": _TEXT,
            "modelType": {"enum": ["base", "lora", "adapter"]},
            "source": {"type": "object", "properties": {"uri": _TEXT}, "required": ["uri"]},
        },
        "required": ["modelName", "baseModelName"],
    }
)
SCHEMAS: Final = {
    ("serving.kserve.io", "LLMInferenceService"): ("llminferenceservices", _KSERVE),
    ("model.aibrix.ai", "ModelAdapter"): ("modeladapters", _AIBRIX),
    ("production-stack.vllm.ai", "LoraAdapter"): ("loraadapters", _STACK),
    ("nvidia.com", "DynamoModel"): ("dynamomodels", _DYNAMO),
}
"""The plural name and the schema of each kind."""


def _resource(version: str, kind: str, spec: dict[str, Any]) -> Resource:
    metadata = {"name": "sql", "namespace": "team", "uid": "0b", "generation": 1}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def kserve(*uris: str, base: str = "llama", version: str = "v1alpha2", **lora: Any) -> Resource:
    """Return an `LLMInferenceService` with some adapters."""
    adapters = [{"name": f"a{number}", "uri": uri} for number, uri in enumerate(uris)]
    model = {"uri": base, "name": "m", "lora": {"adapters": adapters, **lora}}
    return _resource(f"serving.kserve.io/{version}", "LLMInferenceService", {"model": model})


def aibrix(uri: str, base: str | None = "llama") -> Resource:
    """Return a `ModelAdapter`."""
    named = {"baseModel": base} if base else {}
    selector = {"podSelector": {"matchLabels": {"model.aibrix.ai/name": "llama"}}}
    spec = {**named, "artifactURL": uri, **selector}
    return _resource("model.aibrix.ai/v1alpha1", "ModelAdapter", spec)


def stack(base: str = "llama", **source: Any) -> Resource:
    """Return a `LoraAdapter`."""
    spec = {"baseModel": base, "adapterSource": {"adapterName": "sql", **source}}
    return _resource("production-stack.vllm.ai/v1alpha1", "LoraAdapter", spec)


def dynamo(uri: str, base: str = "llama", kind: str = "lora", version: str = "v1beta1") -> Resource:
    """Return a `DynamoModel`."""
    spec = {"modelName": "sql", "baseModelName": base, "modelType": kind, "source": {"uri": uri}}
    return _resource(f"nvidia.com/{version}", "DynamoModel", spec)
