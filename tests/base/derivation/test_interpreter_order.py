"""The order of modules and lists is the same as in Python, even if the config determines it."""

from __future__ import annotations

from typing import Final

import pytest

from tests.base.derivation.stand_ins.oracle import agree

FOLLOWED: Final = {
    "in front, in a loop": (
        "layers = nn.ModuleList()\n"
        "for i in range(config.n):\n    layers.insert(0, nn.Linear(i + 1, config.m))\n"
        "self.layers = layers"
    ),
    "in front, of what the turn before left": (
        "layers, width = nn.ModuleList(), config.m\n"
        "for size in config.sizes:\n"
        "    layers.insert(0, nn.Linear(width, size))\n    width = size\n"
        "self.layers, self.last = layers, nn.Linear(width, 1)"
    ),
    "in front of what is there": (
        "items = [nn.Linear(1, 1)]\n"
        "for size in config.sizes:\n    items.insert(0, nn.Linear(size, 2))\n"
        "self.layers = nn.ModuleList(items)"
    ),
    "taken from the end": (
        "sizes = [1]\n"
        "for size in config.sizes:\n    sizes.extend([size] * config.m)\n"
        "self.one, self.two = nn.Linear(sizes.pop(), 1), nn.Linear(sizes.pop(), len(sizes))"
    ),
    "taken from the end of what a loop made": (
        "sizes = [size + 1 for size in config.sizes]\n"
        "self.one = nn.Linear(sizes.pop(), 1)\nself.two = nn.Linear(sizes[-1], len(sizes))"
    ),
    "names that one branch has before another's": (
        "if config.flag:\n    self.one = nn.Linear(1, 1)\nelse:\n"
        "    self.two = nn.Linear(2, 2)\n    self.one = nn.Linear(3, 3)\nself.three = nn.ReLU()"
    ),
    "buffers that some configs save": (
        "self.register_buffer('one', torch.zeros(config.n), persistent=config.flag)"
    ),
    "numbers that a function reduces": (
        "import functools\n"
        "total = functools.reduce(lambda x, y: x * y, config.sizes, 1)\n"
        "self.one = nn.Linear(total, 1)"
    ),
    "modules of the tree": (
        "self.layers = nn.ModuleList([nn.Linear(2, 2) for _ in range(config.n)])\n"
        "self.one = nn.Conv1d(1, 1, 1) if config.flag else None\n"
        "count = sum(isinstance(one, nn.Linear) for one in self.modules())\n"
        "self.last = nn.Linear(count, 1)"
    ),
    "kernels of several sizes": (
        "self.one = nn.Conv2d(1, 1, tuple(2 * size for size in config.sizes))"
    ),
    "offsets that are numbered": (
        "import itertools\n"
        "points = list(itertools.product(range(config.n), range(config.n)))\n"
        "others = list(itertools.product(range(config.m), range(config.m)))\n"
        "offsets, indices = {}, []\n"
        "for one in points:\n"
        "    for two in others:\n"
        "        offset = (abs(one[0] * 2 - two[0] + 0.5), abs(one[1] * 2 - two[1] + 0.5))\n"
        "        if offset not in offsets:\n"
        "            offsets[offset] = len(offsets)\n"
        "        indices.append(offsets[offset])\n"
        "self.one = nn.Linear(len(offsets), len(points))\n"
        "indices = torch.LongTensor(indices).view(len(points), len(others))\n"
        "self.register_buffer('two', indices)"
    ),
    "keys that one branch adds": (
        "sizes = {'one': 1}\nif config.flag:\n    sizes['two'] = 2\nelse:\n    del sizes['one']\n"
        "self.one = nn.Linear(len(sizes) + 1, 1)"
    ),
    "offsets whose parts depend on each other": (
        "import itertools\n"
        "points = list(itertools.product(range(config.n), range(config.m)))\n"
        "offsets = {}\n"
        "for one in points:\n"
        "    for two in points:\n"
        "        offset = (one[0] - two[0], one[0] - two[1])\n"
        "        if offset not in offsets:\n"
        "            offsets[offset] = len(offsets)\n"
        "self.one = nn.Linear(len(offsets), 1)"
    ),
    "arguments whose number the callee says": (
        "def size(one, two, *, more):\n    return one + two * more\n"
        "self.one = nn.Linear(size(*config.sizes[:2], more=config.m), 1)\n"
        "def other(zero, one, two):\n    return zero + one * two\n"
        "self.two = nn.Linear(other(1, *config.sizes[:1], two=config.n), 1)"
    ),
    "arguments for some of the parameters with defaults": (
        "def size(zero, one, two=5, three=7, *, more=1):\n"
        "    return zero + 2 * one + 3 * two + 4 * three + more\n"
        "self.one = nn.Linear(size(1, *config.sizes, more=2), 1)\n"
        "self.two = nn.Conv2d(1, 2, *config.sizes)\n"
        "self.three = nn.Linear(size(1, *config.sizes[:1], three=2), 1)"
    ),
    "a list that branches make, in one of them": (
        "if config.flag:\n    self.layers = nn.ModuleList()\nelse:\n"
        "    self.layers = nn.ModuleList([])\n"
        "self.layers.extend([nn.Linear(i + 1, 1) for i in range(config.n)])\n"
        "self.one = nn.Linear(self.layers[1].in_features, 1)\n"
        "for i in range(config.m):\n    self.layers[i].bias = None"
    ),
    "a matrix that is turned": (
        "one = torch.t(torch.zeros(config.n, config.m))\n"
        "self.register_buffer('one', one)\nself.two = nn.Linear(len(list(one.size())), 1)"
    ),
    "parameters by names, in order": (
        "self.one = nn.ParameterDict(\n"
        "    {'b': nn.Parameter(torch.zeros(config.n)), 'a': nn.Parameter(torch.zeros(1))}\n)"
    ),
    "a number that is whole": (
        "import math\n"
        "count = math.log(16, 4)\n"
        "self.one = nn.Linear(int(np.round(count)), 1 if count == np.round(count) else 2)"
    ),
    "places in the order of numbers": (
        "places = np.argsort([-size for size in config.sizes], axis=0).tolist()\n"
        "self.layers = nn.ModuleList([nn.Linear(config.sizes[i], i + 1) for i in places])"
    ),
    "all but the first of what a loop made": (
        "items = [nn.Linear(size, i + 1) for i, size in enumerate(config.sizes)]\n"
        "self.layers = nn.ModuleList(items[1:])\nself.all = nn.ModuleList(items[0:])\n"
        "self.more = nn.ModuleList(([nn.Linear(7, 7)] + items)[2:])\n"
        "self.none = nn.ModuleList(items[5:])"
    ),
    "a module that some configs have before": (
        "if config.flag:\n    self.one = nn.Linear(1, 1)\nself.two = nn.Linear(2, 2)\n"
        "self.one = nn.Linear(3, config.m)\nself.three = nn.Linear(4, 4)"
    ),
    "a module that some configs have before and some set": (
        "if config.flag:\n    self.one = nn.Linear(1, 1)\nself.two = nn.Linear(2, 2)\n"
        "if config.n > 2:\n    self.one = nn.Linear(3, config.m)\nself.three = nn.Linear(4, 4)"
    ),
    "a copy of what all turns share": (
        "import copy\n"
        "one = nn.Linear(1, 2)\n"
        "self.layers = nn.ModuleList([one] * config.n)\n"
        "self.more = nn.ModuleList([nn.ModuleList([one, nn.Linear(2, 2)]) for _ in config.sizes])\n"
        "self.copies = copy.deepcopy(self.layers)\n"
        "self.more_copies = copy.deepcopy(self.more)"
    ),
    "sizes that may be one": (
        "sizes = (config.n,) if isinstance(config.n, int) else config.n\n"
        "self.one = nn.Parameter(torch.ones(sizes))"
    ),
}


@pytest.mark.parametrize("name", FOLLOWED)
@pytest.mark.parametrize("flag", [False, True])
def test_order_is_followed(name: str, flag: bool) -> None:
    assert agree(FOLLOWED[name], {"n": 3, "m": 2, "flag": flag, "sizes": [2, 3]})


REFUSED: Final = {
    "a variable that no branch set": (
        "if config.name == 'a':\n    size = 1\nelif config.name == 'b':\n    size = 2\n"
        "self.one = nn.Linear(size, 1)"
    ),
    "a loop over what has no length": "list(config.n)\nself.one = nn.Linear(1, 1)",
    "a tensor of a text": "self.register_buffer('one', torch.tensor([config.name]))",
    "orders that contradict": (
        "if config.flag:\n    self.one, self.two = nn.Linear(1, 1), nn.Linear(2, 2)\nelse:\n"
        "    self.two, self.one = nn.Linear(2, 2), nn.Linear(1, 1)"
    ),
    "arguments of which there are too many": (
        "def size(one, two=2):\n    return one + two\n"
        "self.one = nn.Linear(size(*config.sizes, *config.sizes), 1)\n"
        "self.two = nn.Linear(size(config.n, *config.sizes), 1)"
    ),
    "arguments of which there are too few": (
        "def size(one, two):\n    return one + two\n"
        "self.one = nn.Linear(size(*config.sizes[:1]), 1)"
    ),
    "places in the order of numbers some of which are equal": (
        "places = np.argsort([config.n] * 2).tolist()\nself.one = nn.Linear(places[0] + 1, 1)"
    ),
    "a place that is set a third time": (
        "if config.flag:\n    self.one = nn.Linear(1, 1)\nself.two = nn.Linear(2, 2)\n"
        "if config.n > 2:\n    self.one = nn.Linear(3, 3)\nself.three = nn.Linear(4, 4)\n"
        "self.one = nn.Linear(5, 5)"
    ),
    "a place that depends on the config": (
        "self.one = nn.Linear(1, 1) if config.flag else None\nself.two = nn.Linear(2, 2)\n"
        "self.one = nn.Linear(3, 3)"
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.parametrize("flag", [False, True])
def test_what_torch_rejects_or_orders_differently_is_not_built(name: str, flag: bool) -> None:
    assert not agree(REFUSED[name], {"n": 3, "flag": flag, "name": "c"})


LEFT: Final = {
    "what the last turn sets": "size = 7\nfor i in range(config.n):\n    size = config.m + i",
    "the number of the last turn": "size = -1\nfor i in range(config.n):\n    size = i\nsize += 2",
    "a count": "size = 3\nfor _ in range(config.n):\n    size += 2",
    "what each turn doubles": "size = 1\nfor _ in range(config.n):\n    size *= 2",
    "two that go hand in hand": (
        "one, size = 1, 2\nfor _ in range(config.n):\n    one, size = size, one + size"
    ),
    "what turns read, too": (
        "size = 7\nself.layers = nn.ModuleList()\n"
        "for i in range(config.n):\n    self.layers.append(nn.Linear(size, 1))\n    size = i + 1"
    ),
    "how many entries there are": "size = 1 + len([1 for _ in range(config.n)])",
}
"""Loops that compute a size."""


@pytest.mark.parametrize("name", LEFT)
@pytest.mark.parametrize("n", [-2, -1, 0, 1, 3])
def test_a_loop_without_turns_changes_nothing(name: str, n: int) -> None:
    assert agree(f"{LEFT[name]}\nself.one = nn.Linear(size, 1)", {"n": n, "m": 5})
