"""`LoraConfig`, which reads and writes the config of an adapter as PEFT does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from loracfg.config.history.releases import PEFT_RELEASE
from loracfg.config.model.known_names import CONFIG_NAME
from loracfg.config.model.lora_fields import LoraFields
from loracfg.config.model.nested import CordaConfig, EvaConfig
from loracfg.config.model.peft_object import from_peft, to_peft
from loracfg.config.reading.with_models import load_config
from loracfg.document.json_value import JsonObject
from loracfg.new_files import replacing

if TYPE_CHECKING:
    import peft


class LoraConfig(LoraFields, defer_build=False):
    """The config of a LoRA adapter, with the fields, defaults and meaning of the newest PEFT.

    Values are not converted, except that tuples and sets of names become lists. Unknown keys, NaN
    and infinities raise a `pydantic.ValidationError` that says what to do, also on assignment.
    Fields can be passed by position, in PEFT's order.
    """

    @classmethod
    def from_pretrained(cls, directory: str | Path) -> LoraConfig:
        """Read the `adapter_config.json` in a directory as PEFT does.

        Raises:
            LoracfgError: if there is no such file, or PEFT cannot create an adapter from it.
        """
        return load_config(Path(directory) / CONFIG_NAME, LoraConfig)

    def save_pretrained(self, directory: str | Path) -> None:
        """Write `adapter_config.json` as PEFT does, and create the directory if needed."""
        folder = Path(directory)
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(self.to_dict(), indent=2, sort_keys=True)
        with replacing(folder / CONFIG_NAME) as stream:
            stream.write(text.encode())

    def to_dict(self) -> JsonObject:
        """Return the JSON that PEFT writes for this config.

        Like PEFT, it sets the release, adds the default settings of an EVA or CorDA initialisation
        and empties `loftq_config` if LoftQ is not used.
        """
        data: JsonObject = self.model_dump(mode="json")
        init = self.init_lora_weights
        if self.peft_version is None:
            data["peft_version"] = PEFT_RELEASE
        if self.loftq_config and init != "loftq":
            data["loftq_config"] = {}
        elif init == "eva" and self.eva_config is None:
            data["eva_config"] = EvaConfig().model_dump()
        elif init == "corda" and self.corda_config is None and self.eva_config is None:
            data["corda_config"] = CordaConfig().model_dump()
        for name in ("target_modules", "exclude_modules"):
            if isinstance(names := data[name], list):
                data[name] = list(dict.fromkeys(names))
        return data

    @property
    def is_prompt_learning(self) -> bool:
        """False: the method is LoRA."""
        return False

    @property
    def is_adaption_prompt(self) -> bool:
        """False: the method is LoRA."""
        return False

    def to_peft(self) -> peft.LoraConfig:
        """Return the same config as an object of the installed PEFT."""
        return to_peft(self)

    @classmethod
    def from_peft(cls, config: peft.LoraConfig) -> LoraConfig:
        """Return the config of a PEFT object.

        Raises:
            pydantic.ValidationError: if a value is not valid.
            LoracfgError: if a field is set that loracfg does not know yet.
        """
        return from_peft(config, LoraConfig)
