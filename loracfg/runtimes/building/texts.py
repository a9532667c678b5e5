"""What each key of a file of facts means, as editors show it."""

from __future__ import annotations

from typing import Final

_VERSIONS: Final = "The versions that it is true of, such as >=0.12,<0.32; without it, all."
_EVIDENCE: Final = "Where that is decided: a place in the engine's source, a thread, or what ran."

OF_PROFILE: Final = {
    "name": "The engine as --for takes it; the file has the same name.",
    "title": "The engine as people write it.",
    "checked": "The day on which the facts were last compared with the engine.",
    "newest": "The newest version that was looked at.",
    "facts": "What the engine does with adapters; each fact holds where all of its conditions do.",
    "loads": "Features that the engine treats as PEFT does.",
    "oldest": "The oldest version that was looked at, if there are several.",
    "untried": "Versions between the oldest and the newest that nobody looked at.",
    "checks": "How the engine was looked at: what was run or read, when, and of which releases.",
    "package": "What pip installs, if its releases are the engine's.",
    "releases": "All releases, as python -m tests.runtimes.extract.released writes them.",
    "by_architectures": "Whether it builds the class that architectures in config.json names.",
    "chosen_among": "Sets of classes: of several in config.json it builds the first in one.",
    "by_date": "What to say in place of the newest version, if it has no number.",
    "limits": "The settings that a server may be started with, each by its default or as a table.",
    "sets": "Words that conditions compare with, by the name of the set.",
    "architectures": "Sets of model classes, each name with its versions: AquilaModel<0.25.",
    "suffixes": "Endings of classes that count as one: a class in no set is looked up with others.",
    "modules": "Model classes by the modules that they have in the engine.",
    "aliases": "Words that count as others in conditions.",
    "formulas": "How the engine scales modules, where not as PEFT does.",
    "based_on": "The engine that it wraps, whose facts are true of it, too.",
    "pins": "The newest releases of PEFT that the engine may be installed with.",
}
OF_CHECK: Final = {
    "by": "Whether the engine was run, or its source was read.",
    "on": "The day.",
    "what": "What was run or read, in a few words.",
    "versions": "The releases, such as 0.12.0 0.13.0-2.",
}
OF_FACT: Final = {
    "when": "Conditions that all hold: a feature, a comparison of numbers, or one of words.",
    "effect": "loads: as trained; differs: computes something else; raises: refuses; unknown.",
    "evidence": _EVIDENCE,
    "versions": _VERSIONS,
    "message": "What the user sees when the engine refuses.",
    "what": "What is computed instead, what nobody has tried, or why the engine refuses.",
    "help": "What to do about it, in the imperative.",
    "scale": "Whether it only holds where the formula gives a module another scale than PEFT's.",
    "other_message": "The message that some models or modules get instead.",
    "or_raises": "Whether what is unknown may be refused, so that differs is unknown too.",
}
OF_LOADS: Final = {
    "features": "Names of features, as in loracfg/runtimes/features.py.",
    "evidence": _EVIDENCE,
    "versions": _VERSIONS,
}
OF_FORMULA: Final = {
    "alpha": "Whose alpha counts: the config's, the module's own, or its rank (a scale of 1).",
    "rank": "Whose rank counts: the config's, the module's own, or one that is padded.",
    "rslora": "Whether use_rslora is respected.",
    "versions": _VERSIONS,
}
OF_PIN: Final = {
    "peft": "The release of PEFT, which reads the config.",
    "evidence": _EVIDENCE,
    "versions": _VERSIONS,
    "loader": "The class that reads it by its from_pretrained.",
    "message": "What the engine raises where that class keeps no key of LoRA.",
}

OF_LIMIT: Final = {
    "default": "What it is if nobody gives it, which tells its kind; 0 or nothing is no limit.",
    "choices": "The values that it takes, each with its versions: hf_hub>=0.16.",
    "versions": "The versions that have it, such as >=0.12,<0.32.",
}
OF_WRAPPED: Final = {
    "engine": "The engine that it wraps, by the name of its file.",
    "version": "The version that it brings along.",
    "without": "Settings of that engine that it is not given.",
}
