"""What the page shows of a report, with real files and a real service."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from loracfg.base.catalogue import lookup
from tests.browser.conftest import Watched, watching
from tests.browser.driving import choose, drop_folder, overflows, sent, validate
from tests.browser.files import ADAPTER, BASE, EDITED, EXAMPLES, made_adapter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MARKUP: Final = "<img src=x onerror=window.ran=1>"


def test_valid_adapter_has_a_full_grid(watched: Watched) -> None:
    page = watched.page
    choose(page, ADAPTER, BASE / "config.json")
    assert validate(page) == "valid"
    facts = page.inner_text(".facts")
    assert f"LlamaForCausalLM, from the catalogue of {lookup.library()}, config.json" in facts
    assert "8 of 8 apply" in facts
    assert "2.0" in facts
    assert "PEFT >=0.4,<0.6 or >=0.14" in facts
    table = page.locator(".stack", has_text="model.layers").locator("table")
    assert table.locator("tbody th").all_inner_texts() == ["0", "1"]
    columns = table.locator("thead th[scope=col]").all_inner_texts()
    assert columns[:4] == ["layer", "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj"]
    fitting = [cell.get_attribute("aria-label") for cell in table.locator("td.fits").all()]
    assert fitting == [
        f"layer {layer}, self_attn.{name}: fits, rank 4, scale 2.0"
        for layer in (0, 1)
        for name in ("q_proj", "v_proj")
    ]
    assert table.locator("td.not_targeted").count() == 2 * (len(columns) - 1) - 4
    assert "fits 4" in page.inner_text(".legend")


def test_finding_shows_its_line(watched: Watched) -> None:
    page = watched.page
    choose(page, EDITED, BASE / "config.json")
    assert validate(page) == "invalid, 1 error"
    finding = page.locator(".finding")
    title = "error[LC503] rank-mismatch: r is 8, but 4 layers have rank 4"
    assert finding.locator("h3").inner_text() == title
    line, carets = (finding.locator("pre.source").text_content() or "").split("\n")
    assert re.fullmatch(r'\d+ \|   "r": 8,', line)
    assert carets.rstrip() == "   |        ^"
    assert line[carets.index("^")] == "8"
    assert finding.locator("mark").inner_text() == "8"
    text = finding.inner_text()
    assert re.search(r"--> adapter_config\.json:\d+:8$", text, re.MULTILINE)
    assert "note: this factor has shape (4, 32)" in text
    assert "note: 8 occurrences" in text
    assert "help: set r to 4" in text
    assert page.locator("td.wrong_shape").count() == 4
    assert page.locator(".bad li").count() == 4


def test_dropped_folder_of_adapters_and_base(watched: Watched) -> None:
    page = watched.page
    drop_folder(page, EXAMPLES, "#adapter")
    page.wait_for_selector("#base-chosen li")
    assert "config.json: 714 bytes, uploaded whole" in page.inner_text("#base-chosen")
    names = page.locator("#which-adapter option").all_inner_texts()
    assert names == ["examples/adapter", "examples/edited-adapter"]
    assert validate(page) == "valid"
    page.select_option("#which-adapter", label="examples/edited-adapter")
    page.click("button[type=submit] >> text=Validate")
    page.wait_for_selector(".finding")
    assert page.inner_text(".verdict") == "examples/edited-adapter: invalid, 1 error"


def test_dropped_base(watched: Watched) -> None:
    page = watched.page
    choose(page, ADAPTER)
    drop_folder(page, BASE, "#base")
    page.wait_for_selector("#base-chosen li")
    assert validate(page) == "valid"
    page.click("#base-chosen button")
    assert page.locator("#base-chosen li").count() == 0


def test_model_type_and_a_large_grid(watched: Watched) -> None:
    page = watched.page
    choose(page, ADAPTER)
    listed = page.request.get(watched.url + "bases").json()
    assert page.locator("#model-types option").count() == len(listed)
    page.fill("#model-type", "llama")
    assert "invalid" in validate(page)
    (request,) = watched.seen.posted("/validate")
    assert sent(request)["base"] == "llama"
    table = page.locator(".stack", has_text="model.layers").locator("table")
    assert table.locator("tbody tr").count() == 32
    assert table.locator("td.missing").count() == 60
    assert page.locator(".scroll").first.evaluate("box => box.scrollHeight > box.clientHeight")
    assert not overflows(page)


def test_experts_share_a_column(watched: Watched, tmp_path: Path) -> None:
    experts = [f"model.layers.{n}.mlp.experts.{e}.q_proj" for n in (0, 1) for e in range(40)]
    choose(watched.page, made_adapter(tmp_path / "experts", [*experts, "lm_head"]))
    validate(watched.page)
    table = watched.page.locator(".stack", has_text="model.layers").locator("table")
    assert table.locator("thead th").all_inner_texts() == ["layer", "mlp.experts.*.q_proj"]
    cells = table.locator("td")
    says = "layer 0, mlp.experts.*.q_proj: 40 of 40 unknown, rank 2, scale 2.0"
    assert (cells.count(), cells.first.get_attribute("title")) == (2, says)
    assert cells.first.inner_text() == "?40"


def test_markup_in_names_is_text(watched: Watched, tmp_path: Path) -> None:
    page = watched.page
    folder = made_adapter(
        tmp_path / f"a {MARKUP}",
        [f"model.layers.0.\u202e{MARKUP}", f"model.{MARKUP}.q_proj"],
        base_model_name_or_path=MARKUP,
        target_modules=[MARKUP, "q_proj"],
        **{MARKUP: MARKUP, "r": "\u202e" + MARKUP},
    )
    page.evaluate(
        "document.addEventListener('securitypolicyviolation', e => console.error(e.blockedURI))"
    )
    choose(page, folder, BASE / "config.json")
    validate(page)
    assert page.inner_text(".verdict").startswith(f"a {MARKUP}: ")
    assert page.locator(".finding h3", has_text=MARKUP).count() > 0
    assert page.locator("pre.source", has_text=MARKUP).count() > 0
    assert page.locator("img").count() == 0
    assert page.evaluate("window.ran") is None
    assert "\u202e" not in (page.locator("#result").text_content() or "")


def test_link_to_a_rule(browser: Browser, service: str) -> None:
    with watching(browser, service + "#LC503") as linked:
        page = linked.page
        page.wait_for_selector("#rule[open]")
        shown = page.inner_text("#rule")
        assert "LC503 rank-mismatch" in shown
        assert "Factors have a different rank than the config gives their modules." in shown
        examples = page.locator("#rule pre").all_inner_texts()
        assert (
            examples[1] == 'made with {"rank_pattern": {"v_proj": 2}}\nconfig {"rank_pattern": {}}'
        )
        page.click("#rule button")
        page.wait_for_selector("#rule", state="hidden")
        page.wait_for_url(service)
        page.goto(service + "#LC999")
        page.wait_for_selector("#rule[open]")
        assert "there is no rule LC999" in page.inner_text("#rule")
        page.go_back()
        page.wait_for_selector("#rule", state="hidden")
