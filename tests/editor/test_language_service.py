"""What the language service of VS Code shows in an `adapter_config.json`, with our schema."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

import peft
import pytest

from loracfg import LoraConfig
from loracfg.config.history.field_table import UNTIL
from loracfg.config.history.releases import PEFT_RELEASE
from tests.corpus import shared
from tests.editor.service import Service

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "adapter" / "adapter_config.json"
KEYS = json.loads(EXAMPLE.read_text()).keys()
"""All that PEFT 0.21.2 writes."""

FILLED_IN = {"auto_mapping", "inference_mode", "peft_type", "peft_version"}
"""Keys that no one needs to add: PEFT does, and the tests have `peft_type`."""


def without_stops(snippet: str) -> str:
    """Return the text of a snippet whose tab stops are left as they are proposed."""
    return re.sub(r"\$\{\d+(?::([^}]*)|\|([^,|]*)[^}]*)\}|\$\d+", r"\1\2", snippet)


def test_the_service_sees_the_schema(service: Service) -> None:
    assert service.diagnostics('{"peft_type": "LORA", "r": 8}') == []
    assert service.diagnostics('{"peft_type": "LORA", "r": "8"}') != []
    assert service.diagnostics('{"peft_type": "LORA", "r": "8"}', "file:///config.json") == []


def test_our_files_have_no_findings(service: Service, tmp_path: Path) -> None:
    configs = (
        LoraConfig(),
        LoraConfig(r=16, lora_alpha=32, target_modules=["q_proj"], task_type="CAUSAL_LM"),
        LoraConfig(target_modules=r".*\.q_proj", use_dora=True, init_lora_weights="gaussian"),
    )
    for config in configs:
        config.save_pretrained(tmp_path)
        assert service.diagnostics((tmp_path / "adapter_config.json").read_text()) == []
    for path in ROOT.glob("docs/examples/*/adapter_config.json"):
        assert service.diagnostics(path.read_text()) == []


def test_files_of_peft_have_no_findings(service: Service, tmp_path: Path) -> None:
    configs = (
        peft.LoraConfig(),
        peft.LoraConfig(r=4, target_modules=["q_proj"], modules_to_save=["lm_head"]),
        peft.LoraConfig(init_lora_weights="eva", eva_config=peft.EvaConfig(rho=1.5)),
        peft.LoraConfig(layer_replication=[(0, 2), (1, 3)], rank_pattern={"q_proj": 4}),
        peft.LoraConfig(target_modules="all-linear", task_type="SEQ_CLS", bias="lora_only"),
        peft.LoHaConfig(),
        peft.PromptTuningConfig(num_virtual_tokens=8),
    )
    for config in configs:
        config.save_pretrained(str(tmp_path))
        assert service.diagnostics((tmp_path / "adapter_config.json").read_text()) == []


def test_published_files_that_peft_loads_have_no_findings(service: Service) -> None:
    """PEFT warns of the keys that it removed, and so does the schema; nothing else is found."""
    outcomes = json.loads(shared("corpus/peft_load_0.21.2.json").read_text())
    removed = loaded = 0
    for path in sorted(shared("corpus").glob("*/*.json")):
        if not outcomes.get(path.stem, {}).get("result", "").startswith("ok"):
            continue
        loaded += 1
        text = path.read_bytes().decode()
        gone = UNTIL.keys() & json.loads(text).keys()
        known = sorted(f"PEFT removed this key in {UNTIL[key]}." for key in gone)
        removed += len(known)
        assert sorted(service.diagnostics(text)) == known, path.name
    assert loaded > 100
    assert removed > 0


def test_every_key_is_offered_with_its_documentation(service: Service) -> None:
    offered = service.completions('{\n  "peft_type": "LORA",\n  |\n}')
    assert offered.keys() == KEYS - FILLED_IN
    for item in offered.values():
        assert item["documentation"]["kind"] == "markdown"
        assert len(item["documentation"]["value"]) > 20
    meaning = LoraConfig.model_fields["use_rslora"].description
    assert meaning
    assert meaning.partition(".")[0] in offered["use_rslora"]["documentation"]["value"]


def test_removed_keys_are_marked_and_not_offered(service: Service) -> None:
    assert "enable_lora" not in service.completions('{"peft_type": "LORA", "e|" }')
    (found,) = service.diagnostics('{"peft_type": "LORA", "enable_lora": null}')
    assert found == "PEFT removed this key in 0.3.0."


@pytest.mark.parametrize("key", ["r", "lora_alpha", "lora_dropout", "megatron_core"])
def test_default_is_inserted(service: Service, key: str) -> None:
    inserted = service.completions('{"peft_type": "LORA", | }')[key]["insertText"]
    assert json.loads(f"{{{without_stops(inserted)}}}") == {key: getattr(LoraConfig(), key)}


@pytest.mark.parametrize("key", ["task_type", "bias", "init_lora_weights", "peft_type"])
def test_each_value_is_offered_with_its_own_documentation(service: Service, key: str) -> None:
    offered = service.completions(f'{{"peft_type": "LORA", "{key}": | }}')
    values = _words_of(key)
    assert values <= offered.keys()
    texts = [offered[value]["documentation"]["value"] for value in values]
    assert all(offered[value]["documentation"]["kind"] == "markdown" for value in values)
    assert len({text.strip() for text in texts}) == len(values)


def _words_of(key: str) -> set[str]:
    """Return the strings that a field takes, from its annotation."""
    found: set[str] = set()
    open_types = [LoraConfig.model_fields[key].annotation]
    while open_types:
        one = open_types.pop()
        found |= {one} if isinstance(one, str) else set()
        open_types += get_args(one)
    return found


def test_hover_on_a_key(service: Service) -> None:
    shown = service.hover('{"peft_type": "LORA", "lora_al|pha": 16}')
    meaning = LoraConfig.model_fields["lora_alpha"].description
    assert meaning
    assert meaning.partition(".")[0] in shown
    assert not shown.startswith(("Lora Alpha", "lora_alpha"))


def test_hover_on_a_value(service: Service) -> None:
    shown = service.hover('{"peft_type": "LORA", "init_lora_weights": "pis|sa"}')
    assert "`pissa`" in shown


def test_no_title_heads_a_hover(service: Service) -> None:
    for key in KEYS - {"peft_type"}:
        shown = service.hover(f'{{"peft_type": "LORA", "{key}|": null}}')
        assert shown
        title = key.replace("_", " ").title()
        assert not shown.lstrip("#* ").startswith(title)


def test_mistyped_value_lists_the_valid_ones(service: Service) -> None:
    text = '{"peft_type": "LORA", "init_lora_weights": "gausian"}'
    (found,) = service.diagnostics(text)
    assert all(f'"{word}"' in found for word in ("gaussian", "eva", "olora", "pissa"))
    assert "true" in found


def test_wrong_type_says_which_are_right(service: Service) -> None:
    (found,) = service.diagnostics('{"peft_type": "LORA", "target_modules": 3}')
    assert all(kind in found for kind in ("array", "string", "null"))


@pytest.mark.parametrize(
    ("version", "present", "absent"),
    [
        ('"peft_version": "0.18.0",', {"arrow_config"}, {"kasa_config"}),
        (f'"peft_version": "{PEFT_RELEASE}",', {"arrow_config", "kasa_config"}, set()),
        ('"peft_version": "0.3.0",', {"r"}, {"use_dora", "arrow_config"}),
        ("", {"arrow_config", "kasa_config"}, set()),
    ],
)
def test_completion_follows_the_release(
    service: Service, version: str, present: set[str], absent: set[str]
) -> None:
    offered = service.completions(f'{{"peft_type": "LORA", {version} | }}').keys()
    assert present <= offered
    assert not absent & offered


def test_values_follow_the_release(service: Service) -> None:
    text = '{"peft_type": "LORA", "peft_version": "%s", "init_lora_weights": | }'
    old, new = (service.completions(text % release).keys() for release in ("0.18.0", PEFT_RELEASE))
    assert new - old >= {"lora_ga", "mica"}
    assert old < new


def test_keys_are_offered_before_the_method_is_known(service: Service) -> None:
    offered = service.completions('{ "r": 8, | }')
    assert {"peft_type", "lora_alpha", "target_modules"} <= offered.keys()


def test_other_methods_are_left_alone(service: Service) -> None:
    assert service.diagnostics('{"peft_type": "LOHA", "r": "8", "rank_dropout": 0.0}') == []


def test_keys_of_later_releases_are_left_alone(service: Service) -> None:
    for version in ("", '"peft_version": "0.18.0", ', '"peft_version": "9.0.0", '):
        assert service.diagnostics(f'{{"peft_type": "LORA", {version}"new_key": 1}}') == []


def test_empty_file_offers_whole_configs(service: Service) -> None:
    offered = service.completions("|")
    assert offered.keys() == {"LoRA", "DoRA", "rsLoRA"}
    for item in offered.values():
        text = without_stops(item["insertText"])
        assert json.loads(text)["peft_type"] == "LORA"
        assert service.diagnostics(text) == []


def test_empty_object_offers_keys(service: Service) -> None:
    offered = service.completions("{|}")
    assert offered.keys() == KEYS - FILLED_IN | {"peft_type"}
    assert offered["peft_type"]["insertText"] == '"peft_type": "${1:LORA}"'
    assert offered["peft_type"]["documentation"]["kind"] == "markdown"
