"""LoraConfig: the fields of `adapter_config.json`, their constraints and their history."""
