"""Texts that users and repositories bring: trainers' YAML, and `loracfg.toml`."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from loracfg.errors import LoracfgError
from loracfg.settings.reading import read_file
from loracfg.training.trainer_files.reading import read_trainer_file
from tests.fuzz.target import Answer, Target, words
from tests.settings.test_reading import WHOLE

_AXOLOTL: Final = """\
base_model: ./base
adapter: lora
lora_r: 4
lora_alpha: 8.0
lora_target_modules: [q_proj, 'v_proj']
lora_modules_to_save:
  - embed_tokens
datasets: &data
  - path: "a: b"
test: *data
<<: {micro_batch_size: 0x10, seed: 1:20:30}
"""
_SWIFT: Final = """\
--- !!map
model: &m llama
tuner_type: lora
lora_rank: 010
target_modules: |
  all-linear
lora_dropout: .inf
when: 2001-12-14t21:59:43.10-05:00
data: !!binary aGk=
set: !!set {? a, ? b}
"""
_TAGS: Final = """\
!!python/object/apply:os.system ["true"]
"""
_DOTTED: Final = """\
a.b.c = 1
[tool.loracfg]
base = 'x'
select = ["LC5"]
[[tool.loracfg.more]]
d = 1979-05-27T07:32:00Z
e = 0xff_ff
f = [1e3, inf, {a.b = 1}]
"""


class Yaml(Target):
    """Trainers' files."""

    name = "yaml"

    def seeds(self) -> list[bytes]:
        """Return files with most of what YAML has."""
        return [one.encode() for one in (_AXOLOTL, _SWIFT, _TAGS)]

    def judge(self, data: bytes) -> Answer:
        """Read a file of a trainer."""
        try:
            file = read_trainer_file("config.yaml", data.decode("utf-8", "replace"))
        except LoracfgError as error:
            return Answer(words([error.message]), is_deep=False)
        return Answer(type(file).__name__)


class Toml(Target):
    """Settings of a project."""

    name = "toml"

    def seeds(self) -> list[bytes]:
        """Return files with most of what TOML has."""
        return [WHOLE.encode(), _DOTTED.encode()]

    def judge(self, data: bytes) -> Answer:
        """Read settings, also those of a shared file."""
        said = [_said(Path(name), data) for name in ("loracfg.toml", "pyproject.toml")]
        return Answer(words(said), is_deep=not all("not valid TOML" in one for one in said))


def _said(path: Path, data: bytes) -> str:
    try:
        return " ".join(sorted(read_file(path, data).values))
    except LoracfgError as error:
        return error.message
