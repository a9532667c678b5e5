"""Reading config files as PEFT reads them, and wording what is wrong with their values."""
