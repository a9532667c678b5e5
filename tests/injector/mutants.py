"""Breaks one formula or name at a time, and says which breaks no test notices.

python -m tests.injector.mutants [--only TEXT]

Each break is made in a copy of the project, where the tests run until one fails.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).resolve().parents[2]
TESTS: Final = (
    "tests/injector/test_layers.py",
    "tests/injector/test_starts.py",
    "tests/injector/test_several.py",
    "tests/injector/test_files.py",
    "tests/injector/test_cases.py",
)


class Mutant(NamedTuple):
    """A text of a file, which is there once, what it is replaced by, and tests to run first."""

    file: str
    old: str
    new: str
    tests: str


ADAPTERS: Final = "loracfg/injector/adapters.py"
OPTIONS: Final = "loracfg/injector/variants.py"
LAYERS: Final = "loracfg/injector/wrapped_layers.py"
STARTS: Final = "loracfg/injector/initialise.py"
WHOLE: Final = "loracfg/injector/whole.py"
STATE: Final = "loracfg/injector/state_dict.py"
INJECT: Final = "loracfg/injector/inject.py"
PLANNED: Final = "loracfg/planning/layer_tensors.py"

MUTANTS: Final = (
    Mutant(ADAPTERS, "self.lora_B.bias * self.scaling", "self.lora_B.bias", "lora_bias"),
    Mutant(
        ADAPTERS,
        "self.lora_B.matrix @ self.lora_A.matrix",
        "-self.lora_B.matrix @ self.lora_A.matrix",
        "defaults or merged",
    ),
    Mutant(
        ADAPTERS,
        "return scaled(x @ self.lora_embedding_B.T, self.base)",
        "return x @ self.lora_embedding_B.T",
        "gemma2 or embed_tokens",
    ),
    Mutant(
        ADAPTERS,
        "return self.lora_embedding_B @ self.lora_embedding_A",
        "return 2 * self.lora_embedding_B @ self.lora_embedding_A",
        "emb or embed_tokens",
    ),
    Mutant(ADAPTERS, "self.lora_B.bias, groups=self.groups)", "None, groups=self.groups)", "plane"),
    Mutant(ADAPTERS, "self.rank // self.groups, *ones", "self.rank, *ones", "planes or lines"),
    Mutant(
        ADAPTERS,
        'self.placed = {"stride": base.stride, "padding": base.padding}',
        'self.placed = {"stride": base.stride}',
        "vit or plane",
    ),
    Mutant(
        ADAPTERS,
        ".reshape(-1, self.rank, self.experts).permute(2, 0, 1)",
        ".reshape(-1, self.experts, self.rank).permute(1, 0, 2)",
        "experts or stack",
    ),
    Mutant(
        ADAPTERS,
        "return (a.mT, b.mT) if self.is_transposed else (b, a)",
        "return (b, a)",
        "gpt_oss or transposed",
    ),
    Mutant(
        ADAPTERS,
        "torch.baddbmm(weight, left, right, alpha=self.scaling)",
        "torch.baddbmm(weight, left, right)",
        "experts or gpt_oss",
    ),
    Mutant(
        ADAPTERS,
        "torch.addmm(weight, left, right, alpha=self.scaling)",
        "torch.addmm(weight, left, right)",
        "flat or lin.weight",
    ),
    Mutant(
        ADAPTERS,
        "self.lora_embedding_A = new_parameter",
        "self.lora_embedding_a = self.lora_embedding_A = new_parameter",
        "embed_tokens",
    ),
    Mutant(
        ADAPTERS,
        "adapter.up(self.down(adapter, x)) * adapter.scaling",
        "adapter.up(self.down(adapter, x))",
        "defaults",
    ),
    Mutant(
        ADAPTERS,
        "return self.product(adapter) * adapter.scaling",
        "return self.product(adapter)",
        "merged",
    ),
    Mutant(OPTIONS, "(ratio - 1) * plain", "ratio * plain", "dora"),
    Mutant(
        OPTIONS,
        "+ ratio * self.update(adapter, dropped)",
        "+ self.update(adapter, dropped)",
        "dora",
    ),
    Mutant(OPTIONS, "result if bias is None else result - adapter.spread(bias)", "result", "dora"),
    Mutant(
        OPTIONS,
        "self.merged_norm = self.norm(adapter, original)",
        "self.merged_norm = self.norm(adapter, weight)",
        "one_after",
    ),
    Mutant(
        OPTIONS,
        "return weight / self.column(adapter) - self.delta(adapter)",
        "return (weight - self.delta(adapter)) / self.column(adapter)",
        "dora",
    ),
    Mutant(
        OPTIONS,
        "adapter.lora_magnitude_vector = nn.Parameter",
        "adapter.lora_magnitude = adapter.lora_magnitude_vector = nn.Parameter",
        "dora",
    ),
    Mutant(OPTIONS, "return adapter.down(x) * adapter.lora_diag", "return adapter.down(x)", "kasa"),
    Mutant(OPTIONS, "return (b * adapter.lora_diag) @ a", "return b @ a", "kasa"),
    Mutant(OPTIONS, "s[-adapter.rank :] = 0", "s[-1:] = 0", "kasa"),
    Mutant(
        OPTIONS,
        "size = -(-adapter.weight.shape[1] // velora.num_groups)",
        "size = adapter.weight.shape[1] // velora.num_groups",
        "velora",
    ),
    Mutant(OPTIONS, 'frozen = ("lora_B.weight", "lora_embedding_B")', "frozen = ()", "mica"),
    Mutant(
        OPTIONS,
        "(count - ends).unsqueeze(1)",
        "(count - ends + 1).unsqueeze(1)",
        "invocations or alora",
    ),
    Mutant(
        "loracfg/injector/velora.py",
        ".flatten(1)[:, : a.shape[1]] * ctx.scale",
        ".flatten(1)[:, : a.shape[1]]",
        "velora",
    ),
    Mutant("loracfg/injector/montecarlo.py", "* self.settings.sample_scaler", "", "monteclora"),
    Mutant(
        "loracfg/injector/montecarlo.py",
        "inverse * (1 - 2 / count)",
        "inverse * (1 - 1 / count)",
        "monteclora",
    ),
    Mutant(
        "loracfg/injector/factors.py",
        '"...bi,boi->...bo"',
        '"...bi,boi->...bo" if len(parts) > 99 else "...bi,coi->...bo"',
        "bdlora or blocks",
    ),
    Mutant(
        "loracfg/injector/factors.py",
        "dtype = like.dtype if is_wide else torch.float32",
        "dtype = like.dtype",
        "dtypes",
    ),
    Mutant(
        "loracfg/injector/invocations.py",
        "len(row) - starts[-1]",
        "len(row) - starts[-1] - 1",
        "invocations or alora",
    ),
    Mutant(LAYERS, "times = 2", "times = 1", "mha"),
    Mutant(LAYERS, "weight + delta + delta.detach()", "weight + delta", "mha"),
    Mutant(LAYERS, "bias += sign * adapter.bias", "bias -= sign * adapter.bias", "lora_bias"),
    Mutant(LAYERS, "for name in reversed(self.merged):", "for name in ():", "one_after"),
    Mutant(STARTS, "root = (s / adapter.scaling).sqrt()", "root = s.sqrt()", "pissa"),
    Mutant(
        STARTS,
        "weight.copy_(weight.float() - adapter.scaling * b @ a)",
        "weight.copy_(weight.float() - b @ a)",
        "olora or pissa",
    ),
    Mutant(STARTS, "u[:, -adapter.rank :]", "u[:, : adapter.rank]", "mica"),
    Mutant(STARTS, "std=1 / adapter.rank", "std=1", "random_factors"),
    Mutant(STARTS, "rows[1::2] / 10", "rows[0::2] / 10", "orthogonal"),
    Mutant(
        WHOLE,
        "weight = weight.index_copy(0, rows, delta.to(weight))",
        "weight = weight.index_add(0, rows, delta.to(weight))",
        "token",
    ),
    Mutant(
        WHOLE,
        "scaled(embedded(x, self.weight, self.base_layer), self.base_layer)",
        "embedded(x, self.weight, self.base_layer)",
        "gemma2 or token",
    ),
    Mutant(WHOLE, "self.original_module.requires_grad_(False)", "pass", "bias"),
    Mutant(
        STATE, 'yield f"{path}.trainable_tokens_delta"', 'yield f"{path}.trainable_tokens"', "token"
    ),
    Mutant(
        STATE,
        'if (key := f"{path}.base_layer.bias") in whole',
        'if (key := f"{path}.bias") in whole',
        "lora_only",
    ),
    Mutant(
        INJECT,
        "adapter.lora_A.weight = nn.Parameter(b.data.T)",
        "adapter.lora_A.weight = nn.Parameter(b.data.T.clone())",
        "tying",
    ),
    Mutant(
        INJECT,
        'if key.rpartition(".")[2] == "bias":',
        'if key.rpartition(".")[2] == "weight":',
        "bias",
    ),
    Mutant(INJECT, "settings.num_hidden_layers = len(layers)", "pass", "replication"),
    Mutant(
        PLANNED,
        'LayerTensor("lora_A.weight", a_shape',
        'LayerTensor("lora_a.weight", a_shape',
        "defaults",
    ),
    Mutant(
        PLANNED,
        'LayerTensor("lora_embedding_A", (rank, rows)',
        'LayerTensor("lora_embedding_A", (rows, rank)',
        "embed_tokens",
    ),
    Mutant(PLANNED, "(out, rank // module.groups, *ones)", "(out, rank, *ones)", "planes or lines"),
    Mutant(
        PLANNED,
        '"lora_magnitude_vector", (1, out, *ones)',
        '"lora_magnitude_vector", (out, 1, *ones)',
        "plane",
    ),
    Mutant(PLANNED, "(-(-into // groups),)", "(into // groups,)", "velora"),
    Mutant(PLANNED, "* experts\n", "\n", "experts"),
    Mutant(
        "loracfg/planning/layer_settings.py",
        "math.sqrt(below) if use_rslora else below",
        "below",
        "rslora",
    ),
    Mutant(
        "loracfg/planning/saved.py",
        'yield f"{owner}.original_module{inside}"',
        'yield f"{owner}{inside}"',
        "bias",
    ),
    Mutant(
        "loracfg/planning/build.py",
        'name = f"{path}.base_layer.{local}"',
        'name = f"{path}.{local}"',
        "embed_tokens",
    ),
)
"""What is broken: formulas and names of the injector, then of the plan."""


def main() -> int:
    """Try all; return how many survive."""
    parser = argparse.ArgumentParser(prog="python -m tests.injector.mutants", description=__doc__)
    parser.add_argument("--only", default="", help="those whose file or text has this in it")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    options = parser.parse_args()
    chosen = [one for one in MUTANTS if options.only in one.file or options.only in one.old]
    with tempfile.TemporaryDirectory() as folder:
        assert not fails(copied(Path(folder)), "--collect-only"), "the tests themselves are broken"
    with ThreadPoolExecutor(options.jobs) as pool:
        killed = list(pool.map(is_killed, chosen))
    survivors = [one for one, found in zip(chosen, killed, strict=True) if not found]
    for one in survivors:
        sys.stdout.write(f"survives: {one.file}: {one.old!r} as {one.new!r}\n")
    sys.stdout.write(f"{len(chosen) - len(survivors)} of {len(chosen)} are noticed\n")
    return len(survivors)


def is_killed(mutant: Mutant) -> bool:
    """Tell whether a test fails."""
    with tempfile.TemporaryDirectory() as folder:
        copy = copied(Path(folder))
        target = copy / mutant.file
        text = target.read_text("utf-8")
        assert text.count(mutant.old) == 1, mutant
        target.write_text(text.replace(mutant.old, mutant.new), "utf-8")
        return fails(copy, "-k", mutant.tests) or fails(copy)


def copied(folder: Path) -> Path:
    """Copy what the tests need."""
    for part in ("loracfg", "tests", "schema"):
        ignored = shutil.ignore_patterns("__pycache__", "derivation", "facts")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def fails(folder: Path, *options: str) -> bool:
    """Run the tests of a copy until one fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", *options, *TESTS]
    environment = os.environ | {"PYTHONPATH": str(folder), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)
    assert done.returncode in (0, 1, 5), done.stdout.decode()[-2000:]
    return done.returncode == 1


if __name__ == "__main__":
    sys.exit(bool(main()))
