"""How inference engines handle adapters: facts about each engine, and verdicts from them."""
