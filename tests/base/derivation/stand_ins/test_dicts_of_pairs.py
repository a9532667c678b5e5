"""Dicts of modules from pairs, in loops with a number of turns from the config."""

from __future__ import annotations

from textwrap import dedent
from typing import Any, Final

import pytest

from loracfg.base.derivation.model_programs import DEFECT
from tests.base.derivation.stand_ins.oracle import agree, derived

NAMES: Final = (
    "from collections import OrderedDict\nimport collections\nimport copy\nimport itertools\n"
)
CONFIGS: Final[list[dict[str, Any]]] = [
    {"d": 4, "n": 3, "sizes": [2, 3, 4], "names": ["x", "y"], "table": {"p": 1, "q": 2}},
    {"d": 2, "n": 0, "sizes": [], "names": [], "table": {}},
    {"d": 5, "n": 4, "sizes": [1, 1, 2], "names": ["b", "a", "c"], "table": {"z": 1, "a": 2}},
]
PAIRS: Final = '(f"b{k}", nn.Linear(config.d, k + 1)) for k in range(config.n)'
DICT: Final = f"d = OrderedDict({PAIRS})\n"
FOLLOWED: Final = {
    "a generator": f"self.m = nn.ModuleDict(OrderedDict({PAIRS}))",
    "a list": f"self.m = nn.Sequential(OrderedDict([{PAIRS}]))",
    "a dict": f"self.m = nn.ModuleDict(dict({PAIRS}))",
    "a comprehension": (
        'self.m = nn.ModuleDict({f"b{k}": nn.Linear(1, 2) for k in range(config.n)})'
    ),
    "before and after": (
        "self.m = nn.Sequential(OrderedDict("
        f'[("stem", nn.Linear(1, 2)), *({PAIRS}), ("head", nn.Linear(4, 4))]))'
    ),
    "some turns": f"self.m = nn.ModuleDict(OrderedDict({PAIRS} if k % 2))",
    "nested loops": (
        "self.m = nn.ModuleDict(OrderedDict("
        '(f"b{k}_{j}", nn.Linear(3, j + 1)) for k in range(config.n) for j in range(k)))'
    ),
    "enumerate": (
        "self.m = nn.ModuleDict(OrderedDict("
        '(f"l{i}", nn.Linear(1, s)) for i, s in enumerate(config.sizes, start=1)))'
    ),
    "zip": (
        'self.m = nn.Sequential(OrderedDict((f"b{k}", nn.Linear(a, b))'
        " for k, (a, b) in enumerate(zip(config.sizes[:-1], config.sizes[1:]))))"
    ),
    "chain": (
        f'self.m = nn.ModuleDict(OrderedDict(itertools.chain([("x", nn.Linear(2, 2))], ({PAIRS}))))'
    ),
    "chain of modules": (
        "self.m = nn.ModuleList(itertools.chain("
        "[nn.Linear(2, 2)], (nn.Linear(3, k + 1) for k in range(config.n))))"
    ),
    "chain of numbers": (
        "self.m = nn.ModuleList(nn.Linear(1, k + 1)"
        " for k in itertools.chain(range(config.n), range(config.d)))"
    ),
    "items of a config": (
        "self.m = nn.ModuleDict(OrderedDict((k, nn.Linear(1, v)) for k, v in config.table.items()))"
    ),
    "values": (
        'd = OrderedDict((f"b{k}", k + 1) for k in range(config.n))\n'
        "self.m = nn.ModuleList(nn.Linear(3, v) for v in d.values())"
    ),
    "keywords": f"self.m = nn.ModuleDict(dict(({PAIRS}), last=nn.Linear(5, 5)))",
    "splat": f'self.m = nn.ModuleDict({{"a": nn.Linear(1, 1), **OrderedDict({PAIRS})}})',
    "a key later": DICT + 'd["z"] = nn.Linear(9, 9)\nself.m = nn.Sequential(d)',
    "a number of keys": DICT + "self.m = nn.Linear(len(d), 3)",
    "is it empty": DICT + "self.m = nn.ModuleDict(d) if d else nn.Identity()",
    "within a loop": """
        self.m = nn.ModuleList()
        for i, s in enumerate(config.sizes):
            self.m.append(nn.ModuleDict(OrderedDict((f"b{k}", nn.Linear(3, s)) for k in range(s))))
            if i < len(config.sizes) - 1:
                self.m[-1]["down"] = nn.Linear(1, s)
    """,
    "nested": (
        'self.m = nn.ModuleDict(OrderedDict((f"b{k}", nn.Sequential(OrderedDict('
        '(f"c{j}", nn.Linear(j + 1, k + 1)) for j in range(config.d)))) for k in range(config.n)))'
    ),
    **{
        f"a copy by {copying} grows": f"""
        d = {{}}
        for k in range(config.n):
            d[f"b{{k}}"] = nn.Linear(3, 4)
        e = {copying}
        for k in range(config.n):
            e[f"c{{k}}"] = nn.Linear(1, k + 1)
        self.a, self.b = nn.ModuleDict(d), nn.ModuleDict(e)
    """
        for copying in ("OrderedDict(d)", "dict(d)", "d.copy()", "{**d}", "copy.copy(d)")
    },
}
DECLINED: Final = {
    "a dict or another": (
        'self.m = nn.Sequential(OrderedDict([("a", nn.Linear(2, 2))] if config.d > 3'
        f" else [{PAIRS}]))"
    ),
    "a key of some configs": """
        items = [("a", nn.Linear(2, 2))]
        if config.d > 3:
            items.append(("b", nn.Linear(3, 3)))
        self.m = nn.Sequential(OrderedDict(items))
    """,
    "a key of all turns": (
        'self.m = nn.ModuleDict(OrderedDict(("x", nn.Linear(1, k + 1)) for k in range(config.n)))'
    ),
    "triples": (
        'self.m = nn.Sequential(OrderedDict((f"b{k}", nn.ReLU(), 3) for k in range(config.n)))'
    ),
    "no name": "self.m = nn.Sequential(OrderedDict((k, nn.ReLU()) for k in range(config.n)))",
    "update": f"d = OrderedDict()\nd.update({PAIRS})\nself.m = nn.Sequential(d)",
    "one is moved": DICT + 'd["z"] = nn.ReLU()\nd.move_to_end("z")\nself.m = nn.Sequential(d)',
    "one is replaced": DICT + 'd["b1"] = nn.Linear(9, 9)\nself.m = nn.Sequential(d)',
    "one is read": DICT + 'self.m = d["b0"]',
    "one is deleted": DICT + 'del d["b0"]\nself.m = nn.ModuleDict(d)',
    "one is popped": DICT + 'd.pop("b0", None)\nself.m = nn.ModuleDict(d)',
    "a deep copy": DICT + "self.a, self.b = nn.ModuleDict(d), nn.ModuleDict(copy.deepcopy(d))",
    "zip of lists": (
        'self.m = nn.Sequential(OrderedDict(zip([f"b{k}" for k in range(config.n)],'
        " [nn.Linear(3, k + 1) for k in range(config.n)])))"
    ),
    "a value of the config": (
        "self.m = nn.ModuleList(nn.Linear(1, v) for v in OrderedDict(config.table).values())"
    ),
    "a set of modules": "self.m = nn.ModuleDict(dict.fromkeys(config.names, nn.Linear(3, 4)))",
    "from_iterable": (
        "self.m = nn.Sequential(*itertools.chain.from_iterable("
        "(nn.Linear(3, k + 1), nn.GELU()) for k in range(config.n)))"
    ),
    "map": (
        'self.m = nn.ModuleDict(OrderedDict(map(lambda k: (f"b{k}", nn.ReLU()), range(config.n))))'
    ),
    "two arguments": 'self.m = nn.ModuleDict(OrderedDict([("a", nn.ReLU())], [("b", nn.ReLU())]))',
    "a key that is a list": "d = {}\nd[[1]] = 3\nself.m = nn.Linear(1, 1)",
    "a pair with a list": "d = dict([([1], 2)])\nself.m = nn.Linear(1, 1)",
    "counter": (
        "c = collections.Counter(k % 2 for k in range(config.n))\nself.m = nn.Linear(1, len(c) + 1)"
    ),
    "deque": "self.m = nn.ModuleList(collections.deque(nn.ReLU() for k in range(config.n)))",
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_followed(name: str) -> None:
    body = NAMES + dedent(FOLLOWED[name])
    for config in CONFIGS:
        assert agree(body, config), config


@pytest.mark.parametrize("name", DECLINED)
def test_reasons_for_declining(name: str) -> None:
    body = NAMES + dedent(DECLINED[name])
    reason = derived(body).declined.get("Model", "")
    assert not reason.startswith(DEFECT), reason
    for config in CONFIGS:
        agree(body, config)
