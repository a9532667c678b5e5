"""Real loaders over adapters made by PEFT, held against what the facts of engines say."""
