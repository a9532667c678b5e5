"""Random edits of a config, a trainer's file and settings: no crash, and nothing stale is shown.

    python -m tests.lsp.random_edits --edits 10000 --seed 1

Whatever the server published for a version is compared with a fresh validation of that version,
and after the last edit it must have published the last version.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from lsprotocol import types

from loracfg.config import CONFIG_NAME
from loracfg.engine.caches import Caches
from loracfg.engine.engine import Engine
from loracfg.errors import LoracfgError
from loracfg.report.report import AdapterReport
from loracfg.rules.unjudged import unreadable_report
from loracfg.settings.project import read_settings
from loracfg.sources.trainer_marks import trainer_of_text
from loracfg.training.planned import Training, plan_source
from loracfg.training.source_reading import source_of_text
from tests.cli.running import write_adapter, write_base
from tests.lsp.editor import WHOLE, Editor
from tests.lsp.expected import Shown, expected, shown

RUN: Final = "run.yaml"
PIECES: Final = (
    *('"', "[", "]", "{", "}", ",", ":", " ", "\n", "\r\n", "\r", "\t", "\\", "0", "-", "1e9"),
    *("null", "true", "NaN", "😀", "é", "\u2028", "\x85", "\x00", "\ufeff", "#", "'", "*", "|"),
    *('"q_proj"', '"k_proj", ', '"r": 4,\n', '"r": 1', '"lora_alpha": 16', "q_proj", "- v_proj\n"),
    *(
        '"modules_to_save": ["norm"],',
        '"rank_pattern": {"q_proj": 2},',
        "(a+)+$",
        ".*",
        "lora_r: 2\n",
    ),
)
TRAINER_TEXT: Final = """\
base_model: base
adapter: lora
lora_r: 8
lora_alpha: 16
lora_dropout: 0.05
lora_target_modules:
  - q_proj
  - v_proj
micro_batch_size: 2
"""
_WAIT_EVERY: Final = 25
"""After how many edits the editor waits for the diagnostics, on average."""


@dataclass
class Drawn:
    """A document while it is edited: all its versions, and the text that edits go back to."""

    path: Path
    text: str
    uri: str = ""
    texts: dict[int, str] = field(default_factory=dict)


def run(root: Path, edits: int, seed: int, tell: Callable[[str], None] = lambda _: None) -> int:
    """Make random edits in an editor; return how many published versions were compared."""
    draw = random.Random(seed)  # noqa: S311  # draws edits, no secrets
    write_base(root / "base")
    adapter = write_adapter(root / "adapter")
    (root / "loracfg.toml").write_text('base = "base"\nfor = ["vllm"]\n')
    (root / RUN).write_text(TRAINER_TEXT)
    documents = [
        Drawn(adapter / CONFIG_NAME, (adapter / CONFIG_NAME).read_text()),
        Drawn(root / RUN, TRAINER_TEXT),
    ]
    compared = 0
    fresh = Fresh(root)
    with Editor(root) as editor:
        for one in documents:
            one.uri = editor.open(one.path, one.text)
            one.texts[1] = one.text
            editor.diagnostics(one.uri)
        for number in range(edits):
            one = draw.choices(documents, (4, 1))[0]
            edited = next(_edits(one.texts[editor.versions[one.uri]], one.text, draw))
            one.texts[editor.change(one.uri, edited)] = edited
            if draw.random() < 0.2:
                _ask(editor, one.uri, edited, draw)
            if draw.random() < 1 / _WAIT_EVERY or number == edits - 1:
                compared += sum(_compare(editor, each, fresh, draw) for each in documents)
                tell(f"{number + 1} edits, {compared} versions compared")
        assert not editor.messages, editor.messages
    return compared


def _edits(text: str, original: str, draw: random.Random) -> Iterator[str]:
    """Yield texts after a random edit: mostly small, at times back to the beginning."""
    while True:
        start = draw.randrange(len(text) + 1)
        end = min(len(text), start + draw.choice((0, 0, 1, 2, 5, 40)))
        kind = draw.random()
        if kind < 0.15 or len(text) > 5_000:
            yield original
        elif kind < 0.2:
            number = str(draw.choice((0, 1, 3, 8, 16)))
            yield original.replace('"r": 4', f'"r": {number}').replace(
                "lora_r: 8", f"lora_r: {number}"
            )
        elif kind < 0.6:
            yield text[:start] + draw.choice(PIECES) + text[end:]
        elif kind < 0.8:
            yield text[:start] + text[end:]
        else:
            yield text[:start] + text[end : end + 30] + text[start:]


def _ask(editor: Editor, uri: str, text: str, draw: random.Random) -> None:
    """Ask something about a random place; at times, take it back at once."""
    lines = text.split("\n")
    line = draw.randrange(len(lines) + 1)
    at = types.Position(line, draw.randrange(len(lines[line]) + 2 if line < len(lines) else 3))
    document = types.TextDocumentIdentifier(uri)
    context = types.CodeActionContext([])
    client = editor.client
    ask = draw.choice(
        (
            lambda: client.text_document_completion_async(types.CompletionParams(document, at)),
            lambda: client.text_document_hover_async(types.HoverParams(document, at)),
            lambda: client.text_document_inlay_hint_async(types.InlayHintParams(document, WHOLE)),
            lambda: client.text_document_code_lens_async(types.CodeLensParams(document)),
            lambda: client.text_document_code_action_async(
                types.CodeActionParams(document, WHOLE, context)
            ),
        )
    )
    if draw.random() < 0.5:
        editor.run(ask())
    else:
        editor.begin_and_cancel(ask)


def _compare(editor: Editor, one: Drawn, fresh: Fresh, draw: random.Random) -> int:
    """Compare what was published for each version since the last time; return how many."""
    editor.diagnostics(one.uri)
    newest = editor.versions[one.uri]
    published = editor.published[one.uri]
    editor.published[one.uri] = []
    assert published[-1].version == newest
    versions = [found.version or 0 for found in published]
    assert versions == sorted(versions), "diagnostics of an older version came later"
    for found in published if draw.random() < 0.3 else published[-1:]:
        text = one.texts[found.version or 0]
        seen = sorted(map(shown, found.diagnostics))
        wanted = fresh.diagnostics(one.path, text)
        assert seen == wanted, (found.version, newest, text, seen, wanted)
    editor.published[one.uri] = published[-1:]
    one.texts = {newest: one.texts[newest]}
    return len(published)


class Fresh:
    """Validates texts with engines that know nothing of earlier ones."""

    def __init__(self, root: Path) -> None:
        self.options = read_settings(root / "loracfg.toml").options_for(root)

    def diagnostics(self, path: Path, text: str) -> list[Shown]:
        path.write_bytes(text.encode())
        return expected(self._report(path, text), path, text)

    def _report(self, path: Path, text: str) -> AdapterReport:
        engine = Engine(self.options, caches=Caches())
        if path.name == CONFIG_NAME:
            return engine.validate([path.parent]).adapters[0]
        if trainer_of_text(text) is None:
            return AdapterReport(path.name, "undetermined")
        try:
            source = source_of_text(path.name, text.encode(), str(path.parent))
            return plan_source(source, engine, Training()).report
        except LoracfgError as error:
            report = unreadable_report("LC001", path.name, error.message, error.help)
            found = [one._replace(code="", url="") for one in report.diagnostics]
            return report._replace(diagnostics=tuple(found))


def main() -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    chosen = parser.parse_args()
    sys.stdout.write(f"seed {chosen.seed}\n")
    with tempfile.TemporaryDirectory() as folder:
        count = run(Path(folder).resolve(), chosen.edits, chosen.seed, lambda _: None)
    sys.stdout.write(f"{chosen.edits} edits, {count} published versions\n")


if __name__ == "__main__":
    main()
