"""The schema of plans: the JSON of `loracfg plan --format json` and of `POST /plan`."""

from __future__ import annotations

from typing import Final

from loracfg.config.building.report import (
    count,
    diagnostic,
    list_of,
    loads_in,
    location,
    object_with,
    or_null,
    report_schema,
    text,
)
from loracfg.config.building.schema_tree import DIALECT, Schema
from loracfg.config.schema.schema_files import PLAN, URL
from loracfg.training.quantised_base import QUANTIZATIONS
from loracfg.training.training_plan import PLAN_VERSION

_OF_REPORT: Final = ("base", "scaling", "not_checked", "hidden")
"""Keys that a plan and a report share."""


def plan_schema() -> Schema:
    """Return the schema of the JSON that `TrainingPlan.to_dict` returns."""
    of_adapter: dict[str, Schema] = report_schema()["properties"]["adapters"]["items"]["properties"]
    shared = {name: of_adapter[name] for name in _OF_REPORT}
    whole = object_with(
        "What training a config on a base will do. Numbers are null without a plan.",
        plan_version={
            "description": "Version of this format; it changes when a key changes its meaning.",
            "const": PLAN_VERSION,
        },
        tool=object_with(
            "The program that created the plan.",
            name={"description": "Name of the program.", "const": "loracfg"},
            version=text("Version of the program."),
        ),
        config=text("The config as it was named; (options) for one that options give."),
        trainer=or_null(text("The trainer whose file it is from.")),
        status={
            "description": (
                "valid: the config can be trained on the base. invalid: there are errors, listed "
                "or hidden. undetermined: something could not be checked, such as a base that was "
                "not found. error: the config or the base cannot be read."
            ),
            "enum": ["valid", "invalid", "undetermined", "error"],
        },
        base=shared["base"],
        dtype=text("The dtype of the base, such as bfloat16."),
        modules=or_null(count("Modules and parameters that get an adapter.")),
        tensors=or_null(count("Tensors of the weight file.")),
        trainable_parameters=or_null(count("Parameters that are trained, as PEFT counts them.")),
        all_parameters=or_null(
            count("Parameters of the model with its adapter; shared ones count once.")
        ),
        file_bytes=or_null(
            count("Size of the weight file that PEFT saves; null if PEFT does not save it.")
        ),
        scaling=shared["scaling"],
        targets=list_of("What gets an adapter, by the last name of its path.", _target()),
        others=list_of(
            "What else is trained.",
            object_with(
                "Parameters.",
                what={
                    "description": "What they are.",
                    "enum": ["saved modules", "trained tokens", "biases"],
                },
                parameters=count("How many."),
            ),
        ),
        groups=list_of("The same modules by path, with * for each number.", _group()),
        unmatched=list_of("Names in the config that match nothing.", _unmatched()),
        left_out=list_of("Linear layers that are not adapted.", _left_out()),
        memory=or_null(_memory()),
        loads_in=or_null(loads_in()),
        engines=list_of("How the named inference engines handle the result.", _engine()),
        suggestions=_suggestions(),
        not_checked=shared["not_checked"],
        diagnostics=list_of("The listed findings, one for each cause.", diagnostic()),
        hidden=shared["hidden"],
    )
    head = {"$schema": DIALECT, "$id": URL + PLAN}
    return head | whole | {"definitions": {"location": location()}}


def _target() -> Schema:
    return object_with(
        "Modules with the same last name, or parameters with the same name.",
        name=text("The name; that of a targeted parameter begins with its module's."),
        modules=count("How many there are."),
        parameters=count("Parameters that are trained there."),
    )


def _number(description: str) -> Schema:
    return {"description": description, "type": ["number", "null"]}


def _integer(description: str) -> Schema:
    return {"description": description, "type": ["integer", "null"]}


def _group() -> Schema:
    layer = {"type": "integer", "description": "A number."}
    return object_with(
        "Modules whose paths differ only in numbers.",
        pattern=text("Their path."),
        modules=count("How many there are."),
        layers=list_of("The ranges of their layers.", list_of("First and last layer.", layer)),
        inputs=_integer("Input features."),
        outputs=_integer("Output features."),
        rank=_integer("The rank."),
        alpha=_number("The alpha."),
        scaling=_number("The scale."),
        experts=_integer("Experts that share the factors."),
        dtypes=list_of("The dtypes of their tensors.", text("As safetensors names it.")),
        parameters=count("Parameters in the file."),
        bytes=count("Bytes in the file."),
        largest={"description": "Null: nothing has been trained.", "type": "null"},
    )


def _unmatched() -> Schema:
    return object_with(
        "A name.",
        field=text("The field that has it."),
        name=text("The name or pattern."),
        nearest=list_of("The names of the base that are spelt most like it.", text("A name.")),
    )


def _left_out() -> Schema:
    return object_with(
        "Layers with the same last name.",
        name=text("The name."),
        modules=count("How many there are."),
        source=text("Who adapts them."),
    )


def _memory() -> Schema:
    return object_with(
        "The memory of training in bytes, without activations.",
        base=count("The weights of the base."),
        adapter=count("The parameters of the adapter, and copies of saved modules."),
        gradients=count("The gradients."),
        optimizer_states=count("What the optimizer keeps."),
        optimizer=text("The optimizer."),
        quantization={"description": "How the base is quantised.", "enum": list(QUANTIZATIONS)},
        dtype=text("The dtype of what is not quantised."),
        total=count("The sum."),
        left_out=text("What is not included."),
    )


def _engine() -> Schema:
    return object_with(
        "An engine.",
        name=text("The engine and its version."),
        answer={
            "description": "What it does with the result.",
            "enum": ["loads", "differs", "raises", "unknown"],
        },
        assumed=list_of("What the answer assumes.", text("A clause.")),
    )


def _suggestions() -> Schema:
    one = object_with(
        "Values for a config.",
        title=text("What they are for."),
        config={"description": "The fields with their values.", "type": "object"},
        modules=_integer("Modules that get an adapter with these values alone."),
        trainable_parameters=_integer("Parameters that are trained then."),
        source=text("Where the suggestion comes from."),
    )
    return or_null(list_of("What could be targeted, if asked for.", one))
