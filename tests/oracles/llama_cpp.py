"""llama.cpp: its converters and its compiled runtime, end to end.

An activated LoRA is not asked about: it is the server that applies it, which is not part of the
library.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import runpy
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tests.oracles.child import Found, Inputs, Load, answer

SOURCES: Final = "src/*/vendor/llama.cpp"
"""Where in the environment the converters are."""


def prepare(base: Path, inputs: Inputs) -> Load:
    """Return what converts an adapter, applies it to the converted base and computes the logits."""
    (sources,) = Path(sys.prefix).glob(SOURCES)
    sys.path.insert(0, str(sources))
    folder = Path(tempfile.mkdtemp())
    model = _load_base(_converted_base(base, folder / "base.gguf"))

    def load(adapter: Path) -> Found:
        converted = folder / f"{adapter.name}.gguf"
        _convert(sources / "convert_lora_to_gguf.py", adapter, base, converted)
        return {"output": _logits(model, converted, inputs["input_ids"][0].tolist())}

    return load


def _converted_base(base: Path, path: Path) -> Path:
    """Convert a base, which has no tokenizer."""
    from conversion import ModelBase, ModelType, get_model_architecture, get_model_class
    from gguf import LlamaFileType

    hparams = ModelBase.load_hparams(base, False)
    kind: Any = get_model_class(get_model_architecture(hparams, ModelType.TEXT))
    kind.set_vocab = _set_no_vocab
    kind(base, LlamaFileType.ALL_F32, path, eager=True).write()
    return path


def _set_no_vocab(model: Any) -> None:
    model._set_vocab_none()
    model.gguf_writer.add_vocab_size(model.hparams["vocab_size"])


def _convert(script: Path, adapter: Path, base: Path, path: Path) -> None:
    """Run the converter of adapters.

    Raises:
        RuntimeError: if it ends with another status than 0; the message is what it logged.
    """
    arguments = [str(script), "--outtype", "f32", "--outfile", str(path)]
    before, sys.argv = sys.argv, [*arguments, "--base", str(base), str(adapter)]
    try:
        with _errors() as told:
            runpy.run_path(str(script), run_name="__main__")
    except SystemExit as end:
        if end.code:
            raise RuntimeError("; ".join(told)) from end
    finally:
        sys.argv = before


@contextlib.contextmanager
def _errors() -> Iterator[list[str]]:
    """Collect what is logged as an error."""
    told: list[str] = []
    handler = logging.Handler(logging.ERROR)
    handler.emit = lambda record: told.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    try:
        yield told
    finally:
        logging.getLogger().removeHandler(handler)


def _load_base(path: Path) -> Any:
    import llama_cpp

    llama_cpp.llama_backend_init()
    model = llama_cpp.llama_model_load_from_file(
        str(path).encode(), llama_cpp.llama_model_default_params()
    )
    if model is None:
        raise RuntimeError(f"llama.cpp cannot load {path}")
    return model


def _logits(model: Any, adapter: Path | None, tokens: list[int]) -> Any:
    """Return the logits of a model, with an adapter if one is given, `(tokens, vocabulary)`.

    Raises:
        RuntimeError: if the runtime refuses the adapter; the message is what it logged.
    """
    import llama_cpp
    import torch

    told: list[str] = []
    log = llama_cpp.llama_log_callback(lambda level, text, data: told.append(text.decode()))
    llama_cpp.llama_log_set(log, ctypes.c_void_p(0))
    parameters = llama_cpp.llama_context_default_params()
    parameters.n_ctx = parameters.n_batch = parameters.n_ubatch = 64
    parameters.n_threads = parameters.n_threads_batch = 1
    parameters.type_k = parameters.type_v = 0  # keys and values in float32, not rounded
    parameters.flash_attn_type = 0
    context = llama_cpp.llama_init_from_model(model, parameters)
    if adapter is not None:
        applied = llama_cpp.llama_adapter_lora_init(model, str(adapter).encode())
        if not applied:
            raise RuntimeError("".join(told))
        scales = (ctypes.c_float * 1)(1.0)
        adapters = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(applied)
        llama_cpp.llama_set_adapters_lora(context, adapters, 1, scales)
    batch = llama_cpp.llama_batch_init(len(tokens), 0, 1)
    batch.n_tokens = len(tokens)
    for place, token in enumerate(tokens):
        batch.token[place], batch.pos[place] = token, place
        batch.n_seq_id[place], batch.seq_id[place][0], batch.logits[place] = 1, 0, 1
    if llama_cpp.llama_decode(context, batch):
        raise RuntimeError("".join(told))
    size = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(model))
    rows = [llama_cpp.llama_get_logits_ith(context, place)[:size] for place in range(len(tokens))]
    llama_cpp.llama_batch_free(batch)
    llama_cpp.llama_free(context)
    return torch.tensor(rows)


if __name__ == "__main__":
    answer(prepare)
