"""The engines that are read, each by its package on the index."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from tests.runtimes.extract import llama_cpp, lmdeploy, onnxruntime_genai, sglang, vllm
from tests.runtimes.extract.packages import Package


class Engine(NamedTuple):
    """How the releases of an engine are read; `sets` are of classes, others are of layers."""

    package: str
    sets: tuple[str, ...]
    extract: Callable[[Package], dict[str, frozenset[str]]]


ENGINES: Final = {
    "llama.cpp": Engine("llama-cpp-python", ("takes",), llama_cpp.extract),
    "lmdeploy": Engine("lmdeploy", ("takes", "removed"), lmdeploy.extract),
    "onnxruntime-genai": Engine("onnxruntime-genai", ("takes",), onnxruntime_genai.extract),
    "sglang": Engine("sglang", ("takes", "own_sizes"), sglang.extract),
    "vllm": Engine(
        "vllm", ("takes", "refuses", "removed", "by_transformers", "towers"), vllm.extract
    ),
}
