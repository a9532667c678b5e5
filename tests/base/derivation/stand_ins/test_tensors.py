"""Tensors have the same shapes as torch's, and the same numbers if constructors read them."""

from __future__ import annotations

from typing import Any, Final

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.base.derivation.stand_ins.oracle import Values, agree

SIZE: Final = st.integers(0, 4)
DIM: Final = st.integers(-3, 3)
SHAPE: Final = st.lists(SIZE, max_size=3)
FULL: Final = st.lists(st.integers(1, 4), min_size=1, max_size=3)
ODD_SIZES: Final = st.lists(st.sampled_from([-1, 0, 1, 2, 3, 4, 6, 8, 12]), max_size=3)
NUMBER: Final = st.integers(-6, 6) | st.sampled_from([0.5, 2.0, -1.5])
INDEX: Final = st.one_of(
    st.integers(-3, 3),
    st.builds(slice, st.none() | DIM, st.none() | DIM),
    st.sampled_from([None, ...]),
)
KEY: Final = INDEX | st.lists(INDEX, max_size=3).filter(lambda k: k.count(...) < 2).map(tuple)
KNOWN: Final = st.lists(st.booleans(), min_size=1, max_size=6)


class Sizes(Values):
    """Writes sizes, some as literals and some as attributes of the config."""

    def __init__(self, known: list[bool]) -> None:
        super().__init__()
        self._known = known
        self._count = 0

    def of(self, sizes: list[int]) -> str:
        found = []
        for size in sizes:
            self._count += 1
            is_known = self._known[self._count % len(self._known)]
            found.append(self.text(size, is_known=is_known))
        return ", ".join(found)


def registered(expression: str, sizes: Sizes) -> bool:
    """Compare the shape of an expression, which is registered as a buffer."""
    return agree(f"self.register_buffer('computed', {expression})", sizes.config)


@pytest.mark.parametrize(
    "made",
    [
        "torch.zeros({})",
        "torch.ones(({},))",
        "torch.full(({},), 2)",
        "torch.empty([{}])",
        "torch.randn(({},))",
        "torch.zeros_like(torch.ones([{}]))",
        "torch.zeros(size=({},))",
        "torch.zeros(1).new_zeros([{}])",
    ],
)
@given(sizes=ODD_SIZES.filter(bool), known=KNOWN)
@settings(deadline=None)
def test_filled(made: str, sizes: list[int], known: list[bool]) -> None:
    own = Sizes(known)
    registered(made.format(own.of(sizes)).replace("(,)", "()"), own)


@pytest.mark.parametrize("function", ["arange", "linspace", "eye", "outer", "stack", "cat", "tril"])
@given(first=NUMBER, second=NUMBER, known=KNOWN)
@settings(deadline=None)
def test_made_of_numbers(function: str, first: Any, second: Any, known: list[bool]) -> None:
    own = Sizes(known)
    one, other = own.of([first]), own.of([second])
    made = {
        "arange": f"torch.arange({one}, {other})",
        "linspace": f"torch.linspace({one}, 1, {other})",
        "eye": f"torch.eye({one})",
        "outer": f"torch.outer(torch.ones({one}), torch.ones({other}))",
        "stack": f"torch.stack([torch.ones({one}), torch.ones({other})])",
        "cat": f"torch.cat([torch.ones({one}, 2), torch.ones({other}, 2)], dim=0)",
        "tril": f"torch.tril(torch.ones({one}, {other}))",
    }[function]
    registered(made, own)


@pytest.mark.parametrize("name", ["view", "reshape", "expand", "repeat"])
@given(shape=FULL, sizes=ODD_SIZES.filter(bool), known=KNOWN)
@settings(deadline=None)
def test_reshaped(name: str, shape: list[int], sizes: list[int], known: list[bool]) -> None:
    own = Sizes(known)
    registered(f"torch.ones({own.of(shape)}).{name}({own.of(sizes)})", own)


@pytest.mark.parametrize("sizes", ["config.n, 4", "4, config.n", "(config.n, 4)", "config.n, -1"])
@pytest.mark.parametrize("n", [True, 1])
def test_booleans_are_not_first_sizes(sizes: str, n: int) -> None:
    registered_by = f"self.register_buffer('computed', torch.ones(4).reshape({sizes}))"
    assert agree(registered_by, {"n": n}) is not (n is True and not sizes.startswith("4"))


@given(shape=FULL, known=KNOWN, order=st.permutations([0, 1, 2]))
@settings(deadline=None)
def test_permuted(shape: list[int], known: list[bool], order: list[int]) -> None:
    own = Sizes(known)
    dims = ", ".join(str(one) for one in order if one < len(shape))
    registered(f"torch.ones({own.of(shape)}).permute({dims})", own)


TURNED: Final = (
    "unsqueeze({dim})",
    "squeeze({dim})",
    "squeeze()",
    "transpose({dim}, {other})",
    "flatten({dim}, {other})",
    "flatten()",
    "cumsum({dim})",
    "sum({dim})",
    "sum({dim}, keepdim=True)",
    "sum()",
    "repeat_interleave({count}, {dim})",
    "repeat_interleave({count})",
    "T",
    "to(torch.float32).contiguous()",
)


@pytest.mark.parametrize("step", TURNED)
@given(shape=FULL, dim=DIM, other=DIM, count=st.integers(0, 3), known=KNOWN)
@settings(deadline=None)
def test_turned(
    step: str, shape: list[int], dim: int, other: int, count: int, known: list[bool]
) -> None:
    own = Sizes(known)
    if step.startswith("flatten"):
        dim, other = sorted((dim % len(shape), other % len(shape)))
    text = step.format(dim=dim, other=other, count=own.of([count]))
    registered(f"torch.ones({own.of(shape)}).{text}", own)


def _written(key: Any) -> str:
    if isinstance(key, tuple):
        return "".join(f"{_written(one)}, " for one in key) or "()"
    if isinstance(key, slice):
        bounds = ("" if one is None else str(one) for one in (key.start, key.stop))
        return ":".join(bounds)
    return "..." if key is ... else repr(key)


@given(shape=SHAPE, key=KEY, known=KNOWN)
@settings(max_examples=settings().max_examples * 2, deadline=None)
def test_indexed(shape: list[int], key: Any, known: list[bool]) -> None:
    own = Sizes(known)
    registered(f"torch.ones(({own.of(shape)},))[{_written(key)}]".replace("(,)", "()"), own)


@pytest.mark.parametrize("operator", ["+", "-", "*", "/", "//", ">", "=="])
@given(first=SHAPE, second=SHAPE, known=KNOWN)
@settings(deadline=None)
def test_arithmetic(operator: str, first: list[int], second: list[int], known: list[bool]) -> None:
    own = Sizes(known)
    left, right = (f"torch.ones(({own.of(one)},))".replace("(,)", "()") for one in (first, second))
    registered(f"{left} {operator} {right}", own)


NUMBERS: Final = (
    "torch.ones(config.n, 2).shape[0] + 1",
    "torch.ones(config.n, 2).size(-1)",
    "torch.ones(config.n, 2).numel()",
    "len(torch.linspace(0, 1, config.n, device='cpu'))",
    "sum(x for x in torch.arange(config.n, device='cpu').tolist())",
    "int(torch.arange(config.n, device='cpu').cumsum(0).tolist()[-1])",
    "[x.item() for x in torch.linspace(0, 8, config.n, device='cpu')][0] == 0.0",
    "max([int(x) for x in torch.linspace(1, 4, config.n, device='cpu').tolist()])",
)


@pytest.mark.parametrize("text", NUMBERS)
@given(count=st.integers(-1, 5))
@settings(max_examples=7, deadline=None)
def test_numbers_of_tensors(text: str, count: int) -> None:
    agree(f"self.layer = nn.Linear({text}, 1)", {"n": count})


@pytest.mark.parametrize(
    ("text", "is_float"),
    [
        ("torch.tensor(config.x)", False),
        ("torch.tensor([config.x])", False),
        ("torch.tensor([config.x, 0.5])", True),
        ("torch.tensor([3, 4])", False),
        ("torch.tensor(config.x, dtype=torch.float32)", True),
        ("torch.ones([]) * config.x", True),
        ("torch.tensor(config.x), requires_grad=False", True),
    ],
)
@pytest.mark.parametrize("value", [1, True, 0.5])
def test_trainable_parameters_have_floats(text: str, is_float: bool, value: float) -> None:
    is_followed = agree(f"self.scale = nn.Parameter({text})", {"x": value})
    assert is_followed is (is_float or (isinstance(value, float) and "config" in text))


@pytest.mark.parametrize("place", ["config.x, 1, 3", "0, config.x, 3", "config.x, config.x, 1"])
@pytest.mark.parametrize("value", [None, "1", [], True, 2, 0.5])
def test_ranges_need_numbers(place: str, value: Any) -> None:
    body = f"self.register_buffer('computed', torch.linspace({place}))"
    assert agree(body, {"x": value}) is isinstance(value, int | float)


@pytest.mark.parametrize(
    "text",
    [
        "torch.zeros(config.n, 4)",
        "torch.zeros([config.n, 2]).view(-1)",
        "torch.arange(config.n).expand((1, -1))",
        "torch.ones(4, config.n)[None, :, 1:]",
        "torch.cat([torch.ones(config.n), torch.zeros(2)])",
        "torch.ones(config.n, 3).flatten()",
        "torch.ones(2, config.n).transpose(0, 1).unsqueeze(0)",
        "torch.linspace(0, 1, config.n)",
    ],
)
def test_common_code_is_followed(text: str) -> None:
    assert agree(f"self.register_buffer('computed', {text})", {"n": 6})


@pytest.mark.parametrize("text", [NUMBERS[0], NUMBERS[1], NUMBERS[2], NUMBERS[3]])
def test_common_numbers_are_followed(text: str) -> None:
    assert agree(f"self.layer = nn.Linear({text}, 1)", {"n": 3})


@pytest.mark.parametrize("part", ["config.at", "config.at, :", "..., config.at"])
@pytest.mark.parametrize("at", [-3, -2, 0, 1, 2])
def test_a_part_that_is_set_must_exist(part: str, at: int) -> None:
    body = f"held = torch.zeros(config.n, 2)\nheld[{part}] = 0\nself.register_buffer('held', held)"
    assert agree(body, {"n": 2, "at": at}) is (-2 <= at < 2)


@given(shape=FULL, key=KEY, given_shape=SHAPE, known=KNOWN)
@settings(deadline=None)
def test_a_new_part_must_fit(
    shape: list[int], key: Any, given_shape: list[int], known: list[bool]
) -> None:
    parts = key if isinstance(key, tuple) else (key,)
    assume(sum(part not in (None, ...) for part in parts) <= len(shape))
    own = Sizes(known)
    lines = (
        f"held = torch.zeros({own.of(shape)})",
        f"held[{_written(key)}] = torch.ones([{own.of(given_shape)}])",
        "self.register_buffer('held', held)",
    )
    agree("\n".join(lines), own.config)


@pytest.mark.parametrize("key", [":config.at", "0, :config.at", ":, :config.at"])
@pytest.mark.parametrize("given_shape", ["config.n", "1", "1, config.n", "1, 1, 1, config.n"])
@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_a_new_part_has_the_same_size_or_size_1(key: str, given_shape: str, n: int) -> None:
    whole = "config.size" if "," not in key else "config.size, config.size"
    body = f"held = torch.zeros({whole})\nheld[{key}] = torch.ones({given_shape})"
    is_fitting = n in (1, 2) or given_shape == "1"
    body += "\nself.register_buffer('held', held)"
    assert agree(body, {"size": 3, "at": 2, "n": n}) is is_fitting


@pytest.mark.parametrize(
    "made", ["ones(config.n, 2)", "zeros((config.n,))", "rand(size=[config.n])"]
)
@pytest.mark.parametrize("n", [True, 1])
def test_booleans_are_not_first_sizes_of_filled_tensors(made: str, n: int) -> None:
    body = f"self.register_buffer('computed', torch.{made})"
    assert agree(body, {"n": n}) is (n is not True)


@pytest.mark.parametrize("sizes", ["config.n, -1", "-1, config.n", "(config.n, 4)"])
@pytest.mark.parametrize("n", [1.0, 1, "1"])
def test_sizes_of_a_view_are_integers(sizes: str, n: Any) -> None:
    body = f"self.register_buffer('computed', torch.ones(2, 2).view({sizes}))"
    assert agree(body, {"n": n}) is (n == 1 and type(n) is int)
