"""Tokens of the adapter's tokenizer without rows in the base or the file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from loracfg.analysis.new_tokens import base_tokens, tokens_beyond_base
from loracfg.base.architecture import Architecture, Kind, Module
from loracfg.errors import LoracfgError
from loracfg.testing.building.examples import build
from loracfg.testing.building.judging import codes, judged
from loracfg.testing.memory_files import MemoryFiles
from tests.rules.subjects import config, made_with, on_base, subject, subject_on

ROWS = "the `32` rows of `model.embed_tokens`"
LIBRARY = "tokenizer.json"
ADDED = "added_tokens.json"
CONFIG = "tokenizer_config.json"


def tokenizer(*tokens: str, first: int = 32) -> str:
    """Return the line of a file that adds these tokens, with ids from the first on."""
    added = [{"id": first + i, "content": token} for i, token in enumerate(tokens)]
    return f"file {LIBRARY} {json.dumps({'added_tokens': added})}"


def of_base(**added: int) -> str:
    return f"base file {ADDED} {json.dumps(added)}"


TOOL = tokenizer("<tool>")


@pytest.mark.parametrize(
    ("code", "lines", "message", "file", "count"),
    [
        ("LC634", (TOOL,), f"has 1 token beyond {ROWS}: `<tool>`", LIBRARY, 1),
        (
            "LC634",
            (tokenizer("<y>", "<tool>", "<x>", first=31),),
            f"has 2 tokens beyond {ROWS}: `<tool>` and `<x>`",
            LIBRARY,
            2,
        ),
        (
            "LC634",
            (TOOL, f'file {ADDED} {{"<tool>": 32}}'),
            f"has 1 token beyond {ROWS}: `<tool>`",
            ADDED,
            1,
        ),
        # adapters of other modules add no rows
        (
            "LC634",
            (TOOL, made_with(modules_to_save=["lm_head"], target_modules=["down_proj"])),
            f"has 1 token beyond {ROWS}: `<tool>`",
            LIBRARY,
            1,
        ),
        (
            "LC633",
            (tokenizer("<tool>", "<x>", "<y>"), of_base(**{"<x>": 32})),
            f"adds 2 tokens beyond {ROWS}: `<tool>` and `<y>`; the file has no embeddings for them",
            LIBRARY,
            2,
        ),
        (
            "LC633",
            (TOOL, of_base(**{"<x>": 32})),
            f"adds 1 token beyond {ROWS}: `<tool>`; the file has no embeddings for it",
            LIBRARY,
            1,
        ),
        # a list that may be incomplete does not show what the base has
        (
            "LC634",
            (TOOL, f"base file {CONFIG} {{}}"),
            f"has 1 token beyond {ROWS}: `<tool>`",
            LIBRARY,
            1,
        ),
    ],
)
def test_tokens_without_rows(
    code: str, lines: tuple[str, ...], message: str, file: str, count: int
) -> None:
    (found,) = (d for d in judged(*lines).diagnostics if d.code in ("LC633", "LC634"))
    assert (found.code, found.message) == (code, f"the tokenizer {message}")
    assert (found.location.file, found.count) == (file, count)


@pytest.mark.parametrize(
    "lines",
    [
        (tokenizer("<tool>", first=31),),
        (tokenizer("<|PAD|>"),),
        (tokenizer("<fill>"), f'file {CONFIG} {{"pad_token": "<fill>"}}'),
        (TOOL, of_base(**{"<tool>": 32})),
        (TOOL, made_with(modules_to_save=["embed_tokens"])),
        (TOOL, made_with(trainable_token_indices=[1])),
        # the file should have rows, but they are missing
        (TOOL, config(modules_to_save=["embed_tokens"])),
        (TOOL, config(trainable_token_indices=[1])),
        (TOOL, "tensor base_model.model.old.embed_tokens.weight F32 [33, 16]"),
        (TOOL, "drop ."),
        (TOOL, "base none"),
        (),
    ],
)
def test_tokens_that_have_rows_or_need_none(lines: tuple[str, ...]) -> None:
    assert not {"LC633", "LC634", "LC901"} & set(codes(*lines))


def beyond(**changes: Any) -> Any:
    """Return the tokens beyond the embedding of a base with these changes."""
    files, base = build((TOOL,))
    assert base
    return tokens_beyond_base(subject_on(files, replace(base, **changes)))


def test_bases_with_an_unknown_number_of_rows() -> None:
    known = subject(TOOL)
    assert isinstance(known.base, Architecture)
    assert beyond() == tokens_beyond_base(known) == ({32: "<tool>"}, "model.embed_tokens", 32)
    assert tokens_beyond_base(on_base(known, certain=False)) is None
    assert tokens_beyond_base(subject()) is None
    assert beyond(input_embeddings=None) is None
    assert beyond(input_embeddings="model.lost") is None
    for parameters in ({}, {"weight": (32,)}, {"weight": (4, 32, 16)}):
        path = "model.embed_tokens"
        odd = {path: Module(path, Kind.EMBEDDING, "Embedding", parameters)}
        assert beyond(modules={**known.base.modules, **odd}) is None


def test_tokens_of_a_base() -> None:
    assert base_tokens(subject(TOOL)) is None
    seen = subject(TOOL, of_base(a=32, b=33))
    assert base_tokens(seen) == frozenset({"a", "b"})
    assert base_tokens(on_base(seen, files=MemoryFiles({}))) is None
    part = MemoryFiles({CONFIG: b"{}"})
    assert base_tokens(on_base(seen, files=part)) is None


class GoneFiles(MemoryFiles):
    """A folder that was removed after its config was read."""

    def sizes(self) -> dict[str, int]:
        raise LoracfgError("the folder is gone", "look for it")


def test_a_removed_folder_of_a_base_has_no_known_tokens() -> None:
    assert base_tokens(on_base(subject(TOOL), files=GoneFiles({}))) is None
