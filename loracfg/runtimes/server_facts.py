"""What the command line of an engine's server has for LoRA, and the buffers that it allocates."""

from __future__ import annotations

from typing import Literal

from loracfg.named_tuple import NamedTuple

Split = Literal["columns", "rows", "heads", "none", "experts", "embedding", "head", "absent"]


class ServerFacts(NamedTuple):
    """The settings of a server that depend on the adapters it serves, by name.

    A name is that of a limit, whose option is the same with hyphens; empty if there is none.

    Attributes:
        command: what starts the server; the base follows.
        rank: the largest rank.
        active: the number of adapters in one batch, each in a slot of the device's memory.
        kept: the number of adapters in the memory of the host, at least `active`.
        targets: the layers that get buffers.
        labels: the number of labels of a classification head.
        sharded: whether factors are divided over devices that otherwise each have them whole.
        shared_experts: whether some factors exist once for all experts.
        mixed_experts: whether stacked experts are served as single ones.
        flags: settings that some adapters need.
        of_request: settings that belong to the request that loads an adapter.
        devices: the number of devices that share a layer.
        variable: the environment variable with more arguments in KServe's `LLMInferenceService`.
        chart: whether the vLLM production stack's Helm chart starts it.
    """

    command: str
    rank: str
    active: str
    devices: str
    kept: str = ""
    targets: str = ""
    labels: str = ""
    sharded: str = ""
    shared_experts: str = ""
    mixed_experts: str = ""
    flags: tuple[str, ...] = ()
    of_request: tuple[str, ...] = ()
    variable: str = ""
    chart: bool = False


class LayerFacts(NamedTuple):
    """A layer of an engine, and which modules of a base it is made of.

    Attributes:
        parts: the last names of the modules. With a `name`, the layer has all of them; without,
            each is a layer with the module's own name.
        split: how several devices share it: `columns` and `heads` divide the outputs, `heads` only
            as far as there are key-value heads, `rows` the inputs, `none` nothing. `experts`,
            `embedding` and `head` are layers of their own kind; `absent` ones have no buffers.
        name: the last name of the layer in the engine.
        pieces: how many equal pieces the engine makes of the outputs of one module.
        below: the last name of the module around it, if only some of these modules are meant.
        architectures: the classes with this layer (default: all).
    """

    parts: tuple[str, ...]
    split: Split
    name: str = ""
    pieces: int = 1
    below: str = ""
    architectures: tuple[str, ...] = ()


class BufferFacts(NamedTuple):
    """The buffers that an engine allocates for adapters when it starts.

    Attributes:
        architectures: the classes whose buffers were compared.
        layers: their layers; of several with the same modules, the first counts.
        evidence: where in the engine's source they are made.
        versions: the versions that were compared.
        embeddings: the sets of classes whose input embeddings have buffers.
        heads: the sets of classes whose head has buffers.
        stacked: the set of model types whose experts have one buffer for gate and up.
        padding: what the rows of a vocabulary are a multiple of.
    """

    architectures: tuple[str, ...]
    layers: tuple[LayerFacts, ...]
    evidence: str
    versions: str = ""
    embeddings: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    stacked: str = ""
    padding: int = 1
