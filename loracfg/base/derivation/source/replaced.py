"""Lists what is replaced in a library, and by which stand-ins."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from typing import Final

LIBRARIES: Final = frozenset(("transformers", "diffusers"))
"""Libraries whose definitions are copied, each in a process that can import no other."""

STANDARD: Final = frozenset(
    (
        "collections",
        "collections.abc",
        "contextlib",
        "copy",
        "enum",
        "functools",
        "itertools",
        "math",
        "numbers",
        "operator",
        "re",
        "types",
        "typing",
    )
)
"""Modules of Python that constructors may use."""

STAND_INS: Final = {
    "dataclass": "dataclass",
    "fields": "fields",
    "field": "field",
    "MISSING": "MISSING",
    "inspect": "inspect",
    "as_validated_field": "as_validated_field",
    "GenerationMixin": "GenerationMixin",
    "GradientCheckpointingLayer": "GradientCheckpointingLayer",
    "strict": "strict",
    "use_experts_implementation": "use_experts_implementation",
    "PushToHubMixin": "PushToHubMixin",
    "GenerationConfig": "GenerationConfig",
    "CONFIG_MAPPING": "CONFIG_MAPPING",
    "AutoConfig": "AutoConfig",
    "logging": "logging",
    "logger": "logger",
    "RopeParameters": "RopeParameters",
    "requires_backends": "requires_backends",
    "warnings": "warnings",
    "abc": "abc",
    "ABC": "ABC",
    "abstractmethod": "abstractmethod",
    "ConfigMixin": "ConfigMixin",
    "LegacyConfigMixin": "LegacyConfigMixin",
    "LegacyModelMixin": "LegacyModelMixin",
    "ModelMixin": "ModelMixin",
    "FrozenDict": "FrozenDict",
    "deprecate": "deprecate",
    "is_torch_version": "is_torch_version",
    "register_to_config": "register_to_config",
}
"""Names in the libraries, and their replacements."""

DECORATORS: Final = frozenset(
    (
        "property",
        "staticmethod",
        "classmethod",
        "classproperty",
        "setter",
        "strict",
        "use_experts_implementation",
        "dataclass",
        "wraps",
        "as_validated_field",
        "lru_cache",
        "cached_property",
        "register_to_config",
        "contextmanager",
        "abstractmethod",
    )
)
"""Decorators that remain."""

BUILTINS: Final = ("range",)
"""Functions of Python that are replaced."""

PARTS: Final = {
    "PreTrainedModel": (
        "PreTrained",
        frozenset(
            (
                "get_encoder",
                "get_decoder",
                "base_model",
                "base_model_prefix",
                "_tied_weights_keys",
                "tie_weights",
                "_adjust_bias",
                "get_expanded_tied_weights_keys",
                "tie_embeddings_and_encoder_decoder",
                "_tie_encoder_decoder_weights",
                "get_parameter_or_buffer",
                "_tie_weights",
            )
        ),
    ),
}
"""Classes with few transcribed members, and the stand-ins that they derive from."""

UNKNOWN: Final = (
    "transformers.generation",
    "transformers.integrations.hub_kernels",
    "transformers.utils.hub",
    "transformers.utils.doc",
    "transformers.utils.auto_docstring",
    "transformers.modeling_flash_attention_utils",
    "transformers.masking_utils",
    "transformers.cache_utils",
    "transformers.modeling_outputs",
    "transformers.loss",
    "transformers.initialization",
    "transformers.dynamic_module_utils",
    "transformers.utils.output_capturing",
    "transformers.models.rag.retrieval_rag",
    "transformers.conversion_mapping",
    "transformers.core_model_loading",
    "transformers.quantizers",
    "transformers.utils.logging",
    "transformers.integrations.ggml",
    "transformers.integrations.gguf",
    "transformers.modeling_gguf_pytorch_utils",
    "diffusers.hooks",
    "diffusers.loaders",
    "diffusers.models._modeling_parallel",
    "diffusers.models.attention_dispatch",
    "diffusers.models.modeling_outputs",
    "diffusers.quantizers",
    "diffusers.utils.outputs",
    "diffusers.utils.torch_utils",
)
"""Modules whose contents no constructor may read."""

INSTALLED: Final = ("scipy", "torch", "torchvision", "vision")
"""Libraries that constructors find installed, whatever is installed here."""

TORCH: Final = {
    "torch": "torch",
    "torch.nn": "nn",
    "torch.Tensor": "Tensor",
    "torch.autograd.Function": "Function",
    "torch.nn.functional": "functional",
    "torch.nn.utils.weight_norm": "weight_norm",
    "torch.nn.utils.parametrizations.weight_norm": "parametrized_weight_norm",
}
"""Modules, classes and functions of torch other than layers, and their replacements."""

_PACKAGE: Final = "loracfg.base.derivation.stand_ins"


@functools.cache
def stand_ins() -> dict[str, str]:
    """Return the module of each stand-in, by name."""
    package = importlib.import_module(_PACKAGE)
    found = {}
    for one in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{_PACKAGE}.{one.name}")
        for name, value in vars(module).items():
            if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__:
                found[name] = module.__name__
        for name in vars(module).get("STANDS_FOR", ()):
            found[name] = module.__name__
    return found


KEPT_BASES: Final = ("EmbeddingAccessMixin",)
"""Bases that remain in the classes of `PARTS`."""
