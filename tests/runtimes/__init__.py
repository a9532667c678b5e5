"""How inference engines handle adapters."""
