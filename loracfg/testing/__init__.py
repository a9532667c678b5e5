"""What tests of loracfg and of tools on top of it build adapters from."""
