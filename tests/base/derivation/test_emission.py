"""Programs of small models that are built by hand in the interpreter's form."""

from typing import Any

import pytest

from loracfg.base.derivation.emission.program import Emission, InterpretedClass, emit
from loracfg.base.derivation.emission.simplify import Simplifier
from loracfg.base.derivation.emission.table import ProgramTable
from loracfg.base.derivation.interpreter.expressions import CONFIG, Expression, expression
from loracfg.base.derivation.interpreter.values import (
    MISSING,
    UNKNOWN,
    Choice,
    GuardedEntry,
    InnerModel,
    Instance,
    InstanceAt,
    NamedEntries,
    NamedEntry,
    NotFollowed,
    RepeatedEntries,
    Symbol,
    SymbolicTensor,
)
from loracfg.base.derivation.stand_ins import layers
from loracfg.base.derivation.stand_ins.containers import ModuleList
from loracfg.base.derivation.stand_ins.module import Module

SIZE = Symbol(expression(".", CONFIG, "size"))
BIAS = expression(".", CONFIG, "bias")
COUNT = expression(".", CONFIG, "layers")
LOOP = expression("for", 0, COUNT)


class Model(Module):
    pass


class Block(Module):
    pass


class Serials:
    """Creates instances."""

    def __init__(self) -> None:
        self.count = 0

    def make(self, cls: type, loops: tuple[Expression, ...] = (), **modules: Any) -> Instance:
        self.count += 1
        made = Instance(cls, self.count, loops)
        for name, value in modules.items():
            kind = value.kind if isinstance(value, SymbolicTensor) else "module"
            made.attributes[name], made.registered[name] = value, kind
        return made

    def linear(self, loops: tuple[Expression, ...] = (), has_bias: Any = True) -> Instance:
        made = self.make(layers.Linear, loops, weight=SymbolicTensor((SIZE, SIZE), "parameter"))
        bias = SymbolicTensor((SIZE,), "parameter")
        if has_bias is True:
            made.attributes["bias"], made.registered["bias"] = bias, "parameter"
        elif has_bias is not None:
            made.attributes["bias"] = Choice(has_bias, bias, None)
            made.registered["bias"] = Choice(has_bias, "parameter", MISSING)
        return made

    def stack(self, *entries: Any) -> Instance:
        made = self.make(ModuleList)
        made.children = list(entries)
        return made


@pytest.fixture
def new() -> Serials:
    return Serials()


def program_of(root: Instance, checks: Any = (), **more: Any) -> Any:
    found = InterpretedClass(
        root, more.pop("inputs", None), more.pop("outputs", None), list(checks), **more
    )
    return emit({"Model": found})


def node_of(program: Any, *path: str) -> Any:
    node = program["nodes"][program["classes"]["Model"]["root"]]
    for name in path:
        node = program["nodes"][dict(node["children"])[name]]
    return node


def test_layers_are_named(new: Serials) -> None:
    root = new.make(Model, one=new.linear(), two=new.linear(has_bias=None))
    program = program_of(root)
    assert node_of(program, "one") == {"layer": "Linear", "sizes": [1, 1], "bias": True}
    assert node_of(program, "two") == {"layer": "Linear", "sizes": [1, 1]}


def test_a_bias_has_its_condition_once(new: Serials) -> None:
    condition = expression("truth", BIAS)
    program = program_of(new.make(Model, proj=new.linear(has_bias=condition)))
    node = node_of(program, "proj")
    assert program["exprs"][node["bias"]] == [".", 0, "bias"]


def test_a_loop_creates_layers(new: Serials) -> None:
    layer = new.make(Block, (LOOP,), proj=new.linear((LOOP,)))
    program = program_of(new.make(Model, layers=new.stack(RepeatedEntries(0, COUNT, [layer]))))
    (loop,) = node_of(program, "layers")["items"]
    assert loop[:2] == ["for", 0]
    assert program["exprs"][loop[2]] == [".", 0, "layers"]


def test_conditional_modules_have_a_condition(new: Serials) -> None:
    stack = new.stack(GuardedEntry(BIAS, new.linear()), new.linear())
    (first, second) = node_of(program_of(new.make(Model, parts=stack)), "parts")["items"]
    assert first[0] == "if"
    assert first[3] is None
    assert type(second) is int


def test_an_instance_in_two_places_is_shared(new: Serials) -> None:
    proj = new.linear()
    program = program_of(new.make(Model, one=proj, two=proj), inputs=proj)
    assert node_of(program, "one")["shared"] == node_of(program, "two")["shared"] == 0
    assert program["classes"]["Model"]["in"] == ["shared", 0]


def test_embeddings_are_named_by_their_path(new: Serials) -> None:
    embed, head = new.linear(), new.linear()
    root = new.make(Model, model=new.make(Block, embed=embed), head=head)
    program = program_of(root, inputs=embed, outputs=Choice(BIAS, head, None))
    own = program["classes"]["Model"]
    assert own["in"] == "model.embed"
    assert own["out"][2:] == ["head", None]
    assert "shared" not in node_of(program, "model", "embed")


def test_embeddings_that_only_differ_by_condition(new: Serials) -> None:
    one, two = new.linear(), new.linear(has_bias=None)
    root = new.make(Model, embed=Choice(BIAS, one, two))
    assert program_of(root, inputs=Choice(BIAS, one, two))["classes"]["Model"]["in"] == "embed"
    assert program_of(root, inputs=one)["classes"]["Model"]["in"] == ["shared", 0]


def test_unknown_embeddings(new: Serials) -> None:
    root = new.make(Model)
    for value in (UNKNOWN, NotFollowed("a reason")):
        assert program_of(root, inputs=value)["classes"]["Model"]["in"] == ["unknown"]
    assert program_of(root, inputs=new.linear())["classes"]["Model"]["in"] is None


def test_embeddings_of_a_layer(new: Serials) -> None:
    layer = new.linear((LOOP,))
    root = new.make(Model, layers=new.stack(RepeatedEntries(0, COUNT, [layer])))
    program = program_of(root, inputs=InstanceAt(layer, 0, 0))
    assert program["classes"]["Model"]["in"] == ["shared", 0, 0]


def test_embeddings_of_an_inner_model(new: Serials) -> None:
    other = InnerModel("MAPPING", expression(".", CONFIG, "part"), 99, ())
    value = Symbol(expression("model", "MAPPING", other.config, "get_input_embeddings"))
    program = program_of(new.make(Model, tower=other), inputs=value)
    found = program["classes"]["Model"]["in"]
    assert [*found[:3], found[4]] == ["model", "tower", "MAPPING", "get_input_embeddings"]


def test_names_may_be_computed(new: Serials) -> None:
    root = new.make(Model)
    entries = NamedEntries()
    name = expression("fmt", "layer", expression("i", 0))
    layer = NamedEntry(name, "module", new.linear((LOOP,)))
    entries.entries.append(RepeatedEntries(0, COUNT, [layer]))
    root.registered[entries] = None
    (loop,) = node_of(program_of(root))["children"]
    assert loop[0] == "for"
    assert len(loop) == 4


@pytest.mark.parametrize("child", [object(), {1}])
def test_unknown_children_are_declined(new: Serials, child: Any) -> None:
    root = new.make(Model)
    root.attributes["child"], root.registered["child"] = child, "module"
    with pytest.raises(NotFollowed):
        program_of(root)


def test_a_layer_stays_in_its_loop(new: Serials) -> None:
    with pytest.raises(NotFollowed):
        program_of(new.make(Model, last=new.linear((LOOP,))))


def test_what_building_the_tree_rejects_needs_no_check(new: Serials) -> None:
    size = SIZE.expression
    half = expression("//", size, 2)
    checks = [
        ((), expression("size", size)),
        ((), expression("ok", size)),
        ((), expression("size", half)),
        ((BIAS,), expression("size", half)),
    ]
    program = program_of(new.make(Model, proj=new.linear()), checks)
    (group,) = program["checks"]
    assert group[:2] == [[], []]
    assert [program["exprs"][one][0] for one in group[2]] == ["size"]


def test_a_boolean_first_size_needs_no_check(new: Serials) -> None:
    half = expression("//", SIZE.expression, 2)
    checks = [
        ((), expression("not", expression("isinst", one, "bool")))
        for one in (SIZE.expression, half)
    ]
    scale = SymbolicTensor((1, Symbol(half)), "parameter")
    program = program_of(new.make(Model, proj=new.linear(), scale=scale), checks)
    (group,) = program["checks"]
    (left,) = (program["exprs"][one] for one in group[2])
    assert program["exprs"][program["exprs"][left[1]][1]][0] == "//", "torch takes it as a second"


def test_checks_of_layers_are_under_their_loop(new: Serials) -> None:
    half = expression("//", SIZE.expression, expression("i", 0))
    layer = new.make(Block, (LOOP,), proj=new.linear((LOOP,)))
    root = new.make(Model, layers=new.stack(RepeatedEntries(0, COUNT, [layer])))
    checks = [((LOOP,), expression("ok", half)), ((LOOP,), expression("size", SIZE.expression))]
    (group,) = program_of(root, checks)["checks"]
    assert group[0][0][:2] == ["for", 0]
    assert len(group[1]) == 1
    assert group[2] == []


def test_conditions_need_no_truth() -> None:
    simplify = Simplifier(frozenset(("bias",)))
    assert simplify.condition(expression("truth", BIAS)) is BIAS
    assert simplify.value(expression("has", CONFIG, "bias")) is True
    assert simplify.value(expression("has", CONFIG, "other")) == expression("has", CONFIG, "other")
    chosen = expression("if", expression("truth", BIAS), 1, 2)
    assert simplify.value(chosen) == expression("if", BIAS, 1, 2)
    assert simplify.value(expression("if", expression("has", CONFIG, "bias"), 1, 2)) == 1


def test_classes_share_rows_and_nodes(new: Serials) -> None:
    emission = Emission()
    for name in ("One", "Two"):
        root = Serials().make(Model, proj=Serials().linear())
        emission.add(name, InterpretedClass(root, None, None, []))
    program = emission.program()
    assert program["classes"]["One"] == program["classes"]["Two"]
    assert len(program["nodes"]) == 2


def test_a_created_config_has_names_and_values() -> None:
    table = ProgramTable()
    table.operand(expression("config", "LlamaConfig", "hidden_size", SIZE.expression, "layers", 1))
    *_, row = table.rows
    assert row == ["config", "LlamaConfig", "hidden_size", 1, "layers", [1]]
