"""The schema of architecture files."""

from __future__ import annotations

from typing import Any

from loracfg.config.building.schema_tree import DIALECT, Schema
from loracfg.config.schema.architecture_limits import (
    ARCHITECTURE_VERSION,
    MAX_DIMENSIONS,
    MAX_MODULES,
    MAX_SIZE,
    MAX_TEXT,
    NAME,
    PATH,
    TEXT,
    WEIGHTS,
)
from loracfg.config.schema.schema_files import ARCHITECTURE, URL


def architecture_schema() -> Schema:
    """Return the schema of the files that `loracfg base trace` writes."""
    whole = _object(
        "The module tree of one model class for one config.",
        architecture_version={
            "description": "Version of this format; it changes when a key changes its meaning.",
            "const": ARCHITECTURE_VERSION,
        },
        tool=_object(
            "The program that created the file.",
            name=_string("Name of the program."),
            version=_string("Version of the program."),
        ),
        libraries=_map("The libraries that built the model, by name.", _string("The version.")),
        model_type=_or_null(_string("The model_type of the config.")),
        is_transformers={
            "description": "Whether the class is a PreTrainedModel of transformers.",
            "type": "boolean",
        },
        input_embeddings=_or_null(_path("The module that get_input_embeddings returns.")),
        output_embeddings=_or_null(_path("The module that get_output_embeddings returns.")),
        tied=_list("Modules that share the weight of the input embeddings.", _string("A path.")),
        tie_word_embeddings={
            "description": "The value of tie_word_embeddings in the config.",
            "type": "boolean",
        },
        vocab_size=_or_null(
            _integer("The value of vocab_size in the config.", minimum=-MAX_SIZE),
        ),
        notes=_list("Notes on how the tree was made.", _string("A sentence.")),
        aliases=_map(
            "Other paths of modules that appear in several places, each with the first path.",
            _path("The path under which the module is listed."),
            PATH,
        ),
        modules=_list("Every module once, in the order of named_modules().", _module())
        | {"minItems": 1},
        **{"class": _string("The model class.", minLength=1)},
    )
    return {"$schema": DIALECT, "$id": URL + ARCHITECTURE} | whole


def _module() -> Schema:
    module = _object(
        "A module.",
        path=_path("Its first path; empty for the model itself."),
        kind={
            "description": "How PEFT treats it; other means that target_modules cannot wrap it.",
            "enum": [*WEIGHTS, "other"],
        },
        parameters=_shapes("The parameters registered on it, with their shapes."),
        buffers=_shapes("The persistent buffers registered on it, with their shapes."),
        groups=_integer("The number of groups of a convolution.", minimum=1),
        is_transposed={
            "description": "Whether a stack of experts has the input dimension first.",
            "type": "boolean",
        },
        computed_weight=_shape(
            "The shape of a weight that is computed from other parameters, as by weight norm."
        ),
        **{"class": _string("Its class.", minLength=1)},
    )
    module["required"] = ["path", "kind", "class"]
    return module | {"allOf": [_weight_of(kind) for kind in WEIGHTS]}


def _weight_of(kind: str) -> Schema:
    """Return the constraint on one kind of layer: a weight with the right number of dimensions."""
    name, dimensions = WEIGHTS[kind]
    shape = {
        "description": "The weight that layers of this kind have.",
        "minItems": dimensions,
        "maxItems": dimensions,
    }
    parameters = {
        "description": "The parameters of layers of this kind.",
        "required": [name],
        "properties": {name: shape},
    }
    this_kind = {"description": "The kind of layer.", "const": kind}
    stored = {"properties": {"parameters": parameters}, "required": ["parameters"]}
    return {
        "if": {"properties": {"kind": this_kind}, "required": ["kind"]},
        "then": {"anyOf": [stored, _computed(shape)]} if name == "weight" else stored,
    }


def _computed(shape: Schema) -> Schema:
    """Return the constraint on a layer with a weight that is computed from other parameters."""
    absent = {
        "description": "The parameters of a layer that has no weight itself.",
        "not": {"required": ["weight"]},
    }
    return {
        "properties": {"parameters": absent, "computed_weight": shape},
        "required": ["computed_weight"],
    }


def _shapes(description: str) -> Schema:
    return _map(description, _shape("A shape."), NAME)


def _shape(description: str) -> Schema:
    return {
        "description": description,
        "type": "array",
        "items": _integer("A dimension.", minimum=0),
        "maxItems": MAX_DIMENSIONS,
    }


def _object(description: str, /, **properties: Any) -> Schema:
    """Return the schema of an object with exactly these properties, all required."""
    return {
        "description": description,
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": list(properties),
    }


def _map(description: str, values: Schema, keys: str = TEXT) -> Schema:
    return {
        "description": description,
        "type": "object",
        "propertyNames": {"pattern": keys, "maxLength": MAX_TEXT},
        "additionalProperties": values,
        "maxProperties": MAX_MODULES,
    }


def _list(description: str, items: Schema) -> Schema:
    return {
        "description": description,
        "type": "array",
        "items": items,
        "maxItems": MAX_MODULES,
    }


def _path(description: str) -> Schema:
    return _string(description) | {"pattern": PATH}


def _string(description: str, **more: Any) -> Schema:
    head = {"description": description, "type": "string", "pattern": TEXT, "maxLength": MAX_TEXT}
    return head | more


def _integer(description: str, *, minimum: int) -> Schema:
    return {
        "description": description,
        "type": "integer",
        "minimum": minimum,
        "maximum": MAX_SIZE,
    }


def _or_null(schema: Schema) -> Schema:
    return schema | {"type": [schema["type"], "null"]}
