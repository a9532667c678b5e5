"""What the resources of a cluster name: adapters, and the base that they are served on.

Each function reads the fields of one kind; the source of each is in its docstring. A field of the
wrong type counts as missing: the schema of the resource is the API server's to check.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from loracfg.named_tuple import NamedTuple


class NamedAdapter(NamedTuple):
    """An adapter in a resource.

    Attributes:
        field: where it is named, as in `spec.model.lora.adapters[0].uri`.
        uri: where it is.
    """

    field: str
    uri: str


class NamedSet(NamedTuple):
    """What a resource names.

    Attributes:
        adapters: the adapters.
        base: the base, as a URI, an id or the name of a served model; None if none is named.
        base_field: where the base is named.
        max_rank: the largest rank that the server will be started with; None if nothing says.
    """

    adapters: tuple[NamedAdapter, ...] = ()
    base: str | None = None
    base_field: str = ""
    max_rank: int | None = None


Read = Callable[[object], NamedSet]


def named_in(resource: object) -> NamedSet | None:
    """Return what a resource names; None for a kind that is not known here.

    Args:
        resource: the JSON of the resource.
    """
    version, kind = text_at(resource, "apiVersion"), text_at(resource, "kind")
    read = _READERS.get((version.rpartition("/")[0], kind)) if version and kind else None
    return read(resource) if read else None


def _of_kserve(resource: object) -> NamedSet:
    """Read an `LLMInferenceService` (KServe v1alpha1, v1alpha2: `llm_inference_service_types.go`).

    The elements of `adapters` have no schema in the resource definition.
    """
    lora = value_at(resource, "spec", "model", "lora")
    listed = value_at(lora, "adapters")
    elements = listed if isinstance(listed, list) else []
    adapters = tuple(
        NamedAdapter(f"spec.model.lora.adapters[{number}].uri", uri)
        for number, element in enumerate(elements)
        if (uri := text_at(element, "uri"))
    )
    rank = value_at(lora, "maxRank")
    return NamedSet(
        adapters,
        *_base(resource, "spec", "model", "uri"),
        rank if isinstance(rank, int) and not isinstance(rank, bool) else None,
    )


def _of_aibrix(resource: object) -> NamedSet:
    """Read a `ModelAdapter` (AIBrix v1alpha1: `model.aibrix.ai_modeladapters.yaml`)."""
    uri = text_at(resource, "spec", "artifactURL")
    return NamedSet(_one("spec.artifactURL", uri), *_base(resource, "spec", "baseModel"))


def _of_production_stack(resource: object) -> NamedSet:
    """Read a `LoraAdapter` (vLLM production stack v1alpha1: `loraadapter_types.go`).

    Its controller takes `adapterPath` if there is one, whatever the type (`discoverAdapter`).
    """
    source = value_at(resource, "spec", "adapterSource")
    base = _base(resource, "spec", "baseModel")
    if path := text_at(source, "adapterPath"):
        return NamedSet(_one("spec.adapterSource.adapterPath", path), *base)
    repository = text_at(source, "repository")
    if repository and text_at(source, "type") == "huggingface":
        repository = f"hf://{repository.removeprefix('hf://')}"
    return NamedSet(_one("spec.adapterSource.repository", repository), *base)


def _of_dynamo(resource: object) -> NamedSet:
    """Read a `DynamoModel` (Dynamo v1alpha1, v1beta1: `dynamo_model_types.go`).

    Only the type `lora` has a source.
    """
    kind = text_at(resource, "spec", "modelType") or ""
    if kind.lower() != "lora":
        return NamedSet()
    uri = text_at(resource, "spec", "source", "uri")
    return NamedSet(_one("spec.source.uri", uri), *_base(resource, "spec", "baseModelName"))


_READERS: Final[Mapping[tuple[str, str], Read]] = {
    ("serving.kserve.io", "LLMInferenceService"): _of_kserve,
    ("serving.kserve.io", "LLMInferenceServiceConfig"): _of_kserve,
    ("model.aibrix.ai", "ModelAdapter"): _of_aibrix,
    ("production-stack.vllm.ai", "LoraAdapter"): _of_production_stack,
    ("nvidia.com", "DynamoModel"): _of_dynamo,
}
KINDS: Final = tuple(sorted(_READERS))
"""The groups and kinds that are known."""


def value_at(value: object, *steps: str) -> object:
    """Return the value at the end of some keys of nested objects; None if there is none."""
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def text_at(value: object, *steps: str) -> str | None:
    """Return the text at the end of some keys; None if there is none, or it is empty."""
    found = value_at(value, *steps)
    return found if isinstance(found, str) and found else None


def _one(field: str, uri: str | None) -> tuple[NamedAdapter, ...]:
    return (NamedAdapter(field, uri),) if uri else ()


def _base(resource: object, *steps: str) -> tuple[str | None, str]:
    """Return the base at the end of some keys, and where that is."""
    return text_at(resource, *steps), ".".join(steps)


def changed_in(now: NamedSet, before: NamedSet | None) -> Iterator[NamedAdapter]:
    """Yield the adapters that an update names for the first time, or serves in a new way."""
    if before is None or now._replace(adapters=()) != before._replace(adapters=()):
        yield from now.adapters
        return
    known = {one.uri for one in before.adapters}
    yield from (one for one in now.adapters if one.uri not in known)
