"""Folders of adapters that name a base, and only what is in the folder is read for them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

from loracfg.engine.engine import Engine
from tests.fuzz.mutation import mutated
from tests.fuzz.programs import Programs, json_value
from tests.fuzz.target import Answer, Target, words
from tests.security.ways import write_project

_BASES: Final = (
    *("./base", "base", "base/novel.facts", "base/config.json", "./base/../base", "adapter"),
    *(
        "../..",
        "../../etc",
        "/etc",
        "/etc/passwd",
        "/dev/zero",
        "/proc/self/environ",
        "~",
        "base\0",
    ),
    *(
        "org/name",
        "https://example.com/base",
        "file:///etc",
        "s3://bucket/base",
        "//host/share",
        "",
    ),
)
FILES: Final = ("adapter/adapter_config.json", "base/config.json", "base/novel.facts")


class Folders(Target):
    """The texts of an adapter's config, its base's, and its facts, as JSON."""

    name = "folder"

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        write_project(self.folder, "")
        self.engine = Engine()

    def seeds(self) -> list[bytes]:
        """Return a folder with all files."""
        texts = [(self.folder / name).read_text() for name in FILES]
        return [json.dumps(texts).encode()]

    def draw(self, rng: Random, corpus: Sequence[bytes]) -> bytes:
        """Draw an adapter with a base of its choice; seldom one text is a mutation."""
        adapter: dict[str, Any] = json.loads(json.loads(corpus[0])[0])
        adapter["base_model_name_or_path"] = rng.choice((*_BASES, json_value(rng)))
        if rng.random() < 0.3:
            adapter[rng.choice(sorted(adapter))] = json_value(rng)
        programs = Programs(rng)
        texts = [json.dumps(adapter), json.dumps(programs.config()), programs.program()]
        if rng.random() < 0.2:
            place = rng.randrange(len(texts))
            changed = mutated(texts[place].encode(), rng, [texts[place].encode()])
            texts[place] = changed.decode("utf-8", "replace")
        return json.dumps(texts).encode()

    def prepare(self, data: bytes) -> Path:
        """Write the files."""
        for name, text in zip(FILES, json.loads(data), strict=True):
            (self.folder / name).write_text(text, encoding="utf-8", errors="replace")
        return self.folder

    def judge(self, data: bytes) -> Answer:
        """Validate the adapter."""
        report = self.engine.open(self.folder / "adapter").report
        return Answer(
            words(one.name for one in report.diagnostics), is_deep=report.base is not None
        )
