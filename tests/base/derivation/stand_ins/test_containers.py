"""Containers have the same content as torch's after the same steps."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.base.derivation.stand_ins.oracle import Values, agree

Step = tuple[str, Any, Any]

INDEX: Final = st.integers(-4, 4)
SLICE: Final = st.builds(
    slice, st.none() | INDEX, st.none() | INDEX, st.none() | st.sampled_from([1, 2, -1])
)
WIDTH: Final = st.integers(1, 9)
NAME: Final = st.sampled_from(["a", "b", "c", "0", "1"])
ODD_NAME: Final = NAME | st.sampled_from(["", "a.b", "keys", "training", "_modules"])
KNOWN: Final = st.lists(st.booleans(), min_size=1, max_size=6)

LIST_STEPS: Final = st.one_of(
    st.tuples(st.just("append"), st.none(), WIDTH | st.none()),
    st.tuples(st.just("extend"), st.none(), st.lists(WIDTH, max_size=3)),
    st.tuples(st.just("insert"), st.just(0), WIDTH),
    st.tuples(st.just("set"), INDEX, WIDTH | st.none()),
    st.tuples(st.just("delete"), INDEX | SLICE, st.none()),
    st.tuples(st.just("slice"), SLICE, st.none()),
    st.tuples(st.just("add"), st.none(), st.lists(WIDTH, max_size=3)),
    st.tuples(st.just("again"), INDEX, st.none()),
    st.tuples(st.just("pop"), INDEX, st.none()),
    st.tuples(st.just("loop"), st.integers(0, 3), WIDTH),
    st.tuples(st.just("unless"), st.booleans(), WIDTH),
)
DICT_STEPS: Final = st.one_of(
    st.tuples(st.just("set"), NAME, WIDTH | st.none()),
    st.tuples(st.just("delete"), NAME, st.none()),
    st.tuples(st.just("pop"), NAME, st.none()),
    st.tuples(st.just("update"), st.none(), st.dictionaries(NAME, WIDTH, max_size=2)),
    st.tuples(st.just("pairs"), st.none(), st.lists(st.tuples(NAME, WIDTH), max_size=2)),
    st.tuples(st.just("attribute"), NAME, WIDTH),
    st.tuples(st.just("named"), ODD_NAME, WIDTH),
    st.tuples(st.just("loop"), st.integers(0, 3), WIDTH),
    st.tuples(st.just("unless"), st.booleans(), WIDTH),
)


class Writer:
    """Writes steps as statements; numbers are literal, or come from the config."""

    def __init__(self, known: list[bool]) -> None:
        self.values = Values()
        self._known = known
        self._count = 0

    def number(self, value: Any) -> str:
        self._count += 1
        return self.values.text(value, is_known=self._known[self._count % len(self._known)])

    def linear(self, width: Any) -> str:
        """Return a layer with a width, or none."""
        if width is None:
            return "None"
        return f"nn.Linear({self.number(width)}, 1, bias=False)"

    def linears(self, widths: list[int]) -> str:
        return ", ".join(self.linear(width) for width in widths)

    def named(self, widths: dict[str, int]) -> str:
        return ", ".join(f"{name!r}: {self.linear(width)}" for name, width in widths.items())

    def list_step(self, step: Step, kind: str) -> str:
        name, at, what = step
        match name:
            case "append":
                return f"held.append({self.linear(what)})"
            case "extend":
                return f"held.extend([{self.linears(what)}])"
            case "insert":
                return f"held.insert({at}, {self.linear(what)})"
            case "set":
                return f"held[{at}] = {self.linear(what)}"
            case "delete":
                return f"del held[{_index(at)}]"
            case "slice":
                return f"held = held[{_index(at)}]"
            case "add":
                more = self.linears(what)
                return f"held += nn.{kind}({more if kind == 'Sequential' else f'[{more}]'})"
            case "again":
                return f"held.append(held[{at}])"
            case "pop":
                return f"held.append(held.pop({at}))"
        return self._step(step, lambda layer: f"held.append({layer})")

    def dict_step(self, step: Step) -> str:
        name, key, what = step
        match name:
            case "set":
                return f"held[{key!r}] = {self.linear(what)}"
            case "delete":
                return f"del held[{key!r}]"
            case "pop":
                return f"held.pop({key!r})"
            case "update":
                return f"held.update({{{self.named(what)}}})"
            case "pairs":
                pairs = ", ".join(f"({key!r}, {self.linear(one)})" for key, one in what)
                return f"held.update([{pairs}])"
            case "attribute":
                return f"setattr(held, {key!r}, {self.linear(what)})"
            case "named":
                return f"held[{self.values.text(key, is_known=False)}] = {self.linear(what)}"
        return self._step(step, lambda layer: f"held[f'layer{{i}}'] = {layer}")

    def _step(self, step: Step, add: Any) -> str:
        name, how, what = step
        if name == "loop":
            return f"for i in range({self.number(how)}):\n    {add(self.linear(what))}"
        return f"i = 9\nif {self.number(how)}:\n    {add(self.linear(what))}"


def _index(at: Any) -> str:
    if not isinstance(at, slice):
        return repr(at)
    return ":".join("" if one is None else repr(one) for one in (at.start, at.stop, at.step))


def within(writer: Writer, make: str, steps: list[str]) -> bool:
    """Compare models that contain the result of some steps."""
    body = "\n".join([f"held = {make}", *steps, "self.held = held"])
    return agree(body, writer.values.config)


@pytest.mark.parametrize("kind", ["ModuleList", "Sequential"])
@given(widths=st.lists(WIDTH, max_size=4), steps=st.lists(LIST_STEPS, max_size=4), known=KNOWN)
@settings(max_examples=settings().max_examples * 2, deadline=None)
def test_lists(kind: str, widths: list[int], steps: list[Step], known: list[bool]) -> None:
    writer = Writer(known)
    layers = writer.linears(widths)
    make = f"nn.{kind}({layers if kind == 'Sequential' else f'[{layers}]'})"
    within(writer, make, [writer.list_step(step, kind) for step in steps])


@given(
    widths=st.dictionaries(NAME, WIDTH, max_size=3),
    steps=st.lists(LIST_STEPS.filter(lambda s: s[0] in ("set", "delete", "slice")), max_size=2),
    known=KNOWN,
)
@settings(deadline=None)
def test_sequentials_of_named_modules(
    widths: dict[str, int], steps: list[Step], known: list[bool]
) -> None:
    writer = Writer(known)
    make = f"nn.Sequential(__import__('collections').OrderedDict({{{writer.named(widths)}}}))"
    within(writer, make, [writer.list_step(step, "Sequential") for step in steps])


@given(
    widths=st.dictionaries(NAME, WIDTH, max_size=3),
    steps=st.lists(DICT_STEPS, max_size=4),
    known=KNOWN,
)
@settings(max_examples=settings().max_examples * 2, deadline=None)
def test_dicts(widths: dict[str, int], steps: list[Step], known: list[bool]) -> None:
    writer = Writer(known)
    make = f"nn.ModuleDict({{{writer.named(widths)}}})"
    within(writer, make, [writer.dict_step(step) for step in steps])


@pytest.mark.parametrize("is_named", [False, True])
@given(widths=st.lists(WIDTH, max_size=4), more=st.lists(WIDTH, max_size=2), known=KNOWN)
@settings(deadline=None)
def test_parameters(is_named: bool, widths: list[int], more: list[int], known: list[bool]) -> None:
    writer = Writer(known)
    parameters = [f"{writer.linear(width)}.weight" for width in widths]
    if is_named:
        pairs = ", ".join(f"'p{n}': {one}" for n, one in enumerate(parameters))
        make = f"nn.ParameterDict({{{pairs}}})"
        steps = [f"held['q{n}'] = {writer.linear(one)}.weight" for n, one in enumerate(more)]
    else:
        make = f"nn.ParameterList([{', '.join(parameters)}])"
        steps = [f"held.append({writer.linear(width)}.weight)" for width in more]
    within(writer, make, steps)


@pytest.mark.parametrize(
    "body",
    [
        "self.held = nn.ModuleList([nn.Linear(1, i) for i in range(config.n)])",
        "self.held = nn.ModuleList()\nfor i in range(config.n):\n    self.held.append(nn.ReLU())",
        "self.held = nn.ModuleList([nn.ReLU()])\nself.held.extend([nn.Tanh()] * 2)",
        "self.held = nn.Sequential(nn.ReLU(), *[nn.Tanh() for _ in range(config.n)])",
        "self.held = nn.ModuleDict({'a': nn.ReLU()})\nif config.n > 1:\n"
        "    self.held['b'] = nn.Tanh()",
        "self.held = nn.ModuleDict()\nfor i in range(config.n):\n"
        "    self.held[f'a{i}'] = nn.Linear(i, 1)",
        "held = [nn.ReLU()]\nif config.n:\n    held.append(nn.Tanh())\n"
        "self.held = nn.Sequential(*held)",
        "self.held = nn.ParameterList([nn.Parameter(torch.zeros(config.n))])",
    ],
)
@pytest.mark.parametrize("count", [0, 1, 3])
def test_common_code_is_followed(body: str, count: int) -> None:
    assert agree(body, {"n": count})
