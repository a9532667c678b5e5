"""Architectures as indented trees."""

from __future__ import annotations

from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.base.outline import outline


def tree(*modules: Module, **more: object) -> Architecture:
    found = {module.path: module for module in modules}
    return Architecture("catalogue", "toy", "Toy", found, **more)  # type: ignore[arg-type]


def linear(path: str, out: int, into: int, *, bias: bool = False) -> Module:
    parameters = {"weight": (out, into)} | ({"bias": (out,)} if bias else {})
    return Module(path, Kind.LINEAR, "Linear", parameters)


def other(path: str, name: str, **shapes: tuple[int, ...]) -> Module:
    return Module(path, Kind.OTHER, name, shapes)


def test_equal_layers_are_one_line() -> None:
    found = tree(
        other("", "Toy"),
        Module("embed", Kind.EMBEDDING, "ScaledEmbedding", {"weight": (9, 4)}),
        other("layers", "ModuleList"),
        *(
            module
            for i in range(3)
            for module in (
                other(f"layers.{i}", "Layer"),
                linear(f"layers.{i}.q_proj", 4, 4, bias=True),
                other(f"layers.{i}.norm", "RMSNorm", weight=(4,)),
            )
        ),
        other("experts", "Experts", down_proj=(2, 4, 8)),
        Module("conv", Kind.CONV1D, "Conv1d", {"weight": (4, 1, 3)}, {}, 4),
        linear("lm_head", 9, 4),
        input_embeddings="embed",
        output_embeddings="lm_head",
        tied=("lm_head",),
        aliases={"shared": "embed"},
    )
    assert outline(found) == (
        "Toy  # 184 parameters\n"
        "  embed: ScaledEmbedding as Embedding(9, 4)  # input embeddings, also shared\n"
        "  layers[0-2]: Layer\n"
        "    q_proj: Linear(4, 4), bias\n"
        "    norm: RMSNorm(4)\n"
        "  experts: Experts\n"
        "    parameter down_proj[2, 4, 8]\n"
        "  conv: Conv1d(4, 1, 3), groups 4\n"
        "  lm_head: Linear(9, 4)  # output embeddings, tied to the input embeddings\n"
    )


def test_layers_that_differ_have_lines_of_their_own() -> None:
    found = tree(
        other("", "Toy"),
        other("layers", "ModuleList"),
        linear("layers.0", 4, 4),
        linear("layers.1", 4, 4),
        linear("layers.2", 8, 4),
        linear("layers.4", 8, 4),
    )
    assert outline(found) == (
        "Toy  # 96 parameters\n"
        "  layers: ModuleList\n"
        "    [0-1]: Linear(4, 4)\n"
        "    2: Linear(8, 4)\n"
        "    4: Linear(8, 4)\n"
    )


def test_buffers_and_odd_parameters_are_written_out() -> None:
    found = tree(
        Module("", Kind.OTHER, "Toy", {"bias": (4,), "weight": (4, 2)}, {"scale": ()}, 1, True)
    )
    assert outline(found) == (
        "Toy, transposed  # 12 parameters\n"
        "  parameter bias[4]\n"
        "  parameter weight[4, 2]\n"
        "  buffer scale[]\n"
    )


def test_parameters_that_are_others_count_once() -> None:
    modules = (other("", "Toy"), linear("a", 4, 4, bias=True), linear("b", 4, 4, bias=True))
    shared = (("b", "weight"), ("b", "bias"))
    assert outline(tree(*modules, tied=("b",), shared=shared)).startswith("Toy  # 20 parameters\n")
    assert outline(tree(*modules, tied=("b",))).startswith("Toy  # 24 parameters\n")
    assert outline(tree(*modules, shared=())).startswith("Toy  # 40 parameters\n")
