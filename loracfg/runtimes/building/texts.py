"""The descriptions of the keys in facts about engines, as editors show them."""

from __future__ import annotations

from typing import Final

_VERSIONS: Final = "The versions that it applies to, such as >=0.12,<0.32; by default all."
_EVIDENCE: Final = "The evidence: a place in the engine's source, a thread, or what was run."

OF_PROFILE: Final = {
    "name": "The name of the engine for --for, and of the file.",
    "title": "The name of the engine in texts.",
    "checked": "The day on which all facts were last checked; some checks may be later.",
    "newest": "The newest version that was checked.",
    "facts": "What the engine does with adapters; a fact applies if all of its conditions hold.",
    "loads": "Features that the engine handles as PEFT does.",
    "oldest": "The oldest version that was checked, if there are several.",
    "untried": "Versions between the oldest and the newest that nobody checked.",
    "checks": "How the engine was checked: what was run or read, when, and in which releases.",
    "package": "The package that pip installs, if it has the same releases as the engine.",
    "releases": "All releases, as python -m tests.runtimes.extract.released writes them.",
    "by_architectures": "Whether it builds the class in architectures of config.json.",
    "chosen_among": "Sets of classes; of several in config.json, it builds the first in a set.",
    "by_date": "What to show instead of the newest version, if it has no number.",
    "limits": "The settings of a server, each as its default or as a table.",
    "sets": "Words that conditions compare with, by the name of the set.",
    "architectures": "Sets of model classes, each name with its versions: AquilaModel<0.25.",
    "suffixes": "Equivalent endings of classes; a class in no set is looked up with the others.",
    "modules": "Model classes, by the modules that they have in the engine.",
    "aliases": "Words, each with the word that conditions use instead.",
    "formulas": "How the engine scales modules, if not as PEFT does.",
    "based_on": "The engine that it wraps; the facts about that engine also apply.",
    "pins": "The newest releases of PEFT that the engine can be installed with.",
    "server": "The settings of its server that depend on a set of adapters, for loracfg deploy.",
    "buffers": "What it allocates for adapters when it starts, for loracfg deploy.",
}
OF_CHECK: Final = {
    "by": "Whether the engine was run, or its source was read.",
    "on": "The date.",
    "what": "What was run or read, in a few words.",
    "versions": "The releases, such as 0.12.0 0.13.0-2.",
}
OF_FACT: Final = {
    "when": "Conditions that must all hold: features and comparisons of numbers or words.",
    "effect": "loads: as trained; differs: computes something different; raises: rejects; unknown.",
    "evidence": _EVIDENCE,
    "versions": _VERSIONS,
    "message": "The error message of the engine when it rejects an adapter.",
    "what": "What is computed instead, what nobody has tried, or why the engine rejects it.",
    "help": "What to do about it, in the imperative.",
    "scale": "Whether it only applies if the formula gives a module a different scale than PEFT.",
    "other_message": "The message for some models or modules instead.",
    "or_raises": "Whether it may also be rejected, which makes an answer of differs unknown.",
}
OF_LOADS: Final = {
    "features": "Names of features, as in loracfg/runtimes/features.py.",
    "evidence": _EVIDENCE,
    "versions": _VERSIONS,
}
OF_FORMULA: Final = {
    "alpha": "The alpha that is used: the config's, the module's own, or its rank (a scale of 1).",
    "rank": "The rank that is used: the config's, the module's own, or a padded one.",
    "rslora": "Whether use_rslora is respected.",
    "versions": _VERSIONS,
}
OF_PIN: Final = {
    "peft": "The release of PEFT that reads the config.",
    "evidence": _EVIDENCE,
    "versions": _VERSIONS,
    "loader": "The class with the from_pretrained that reads it.",
    "message": "The error that the engine raises if that class drops all keys of LoRA.",
}

OF_LIMIT: Final = {
    "default": "The default, which also sets the kind; 0 or an empty value means no limit.",
    "choices": "The values that it accepts, each with its versions: hf_hub>=0.16.",
    "versions": "The versions that have it, such as >=0.12,<0.32.",
}
OF_WRAPPED: Final = {
    "engine": "The engine that it wraps, by the name of its file.",
    "version": "The version that it includes.",
    "without": "Settings of that engine that cannot be set.",
}
OF_SERVER: Final = {
    "command": "What starts the server; the base follows.",
    "rank": "The limit for the largest rank.",
    "active": "The limit for the number of adapters in one batch.",
    "devices": "The setting for the number of devices that share a layer.",
    "kept": "The limit for the number of adapters in the memory of the host.",
    "targets": "The setting that lists the layers with buffers.",
    "labels": "The limit for the labels of a classification head.",
    "sharded": "The setting that divides factors which each device otherwise has whole.",
    "shared_experts": "The setting that keeps some factors once for all experts.",
    "mixed_experts": "The setting that serves stacked experts as single ones.",
    "flags": "Settings that some adapters need.",
    "of_request": "Settings that belong to the request that loads an adapter.",
    "variable": "The variable with more arguments in KServe's LLMInferenceService.",
    "chart": "Whether the Helm chart of the vLLM production stack starts it.",
}
OF_LAYER: Final = {
    "parts": "The last names of modules: with a name, all make one layer; otherwise, each is one.",
    "split": "How devices share it: columns and heads divide outputs, rows inputs; or its kind.",
    "name": "The last name of the layer in the engine.",
    "pieces": "How many equal pieces the engine makes of the outputs of one module.",
    "below": "The last name of the module around it, if only some modules are meant.",
    "architectures": "The classes with this layer; by default all.",
}
OF_BUFFERS: Final = {
    "architectures": "The classes whose buffers were compared.",
    "layers": "Their layers; of several with the same modules, the first counts.",
    "evidence": _EVIDENCE,
    "versions": _VERSIONS,
    "embeddings": "The sets of classes whose input embeddings have buffers.",
    "heads": "The sets of classes whose head has buffers.",
    "stacked": "The set of model types whose experts have one buffer for gate and up.",
    "padding": "What the rows of a vocabulary are a multiple of.",
}
