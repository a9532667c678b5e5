"""JSON Schemas: of every PEFT release's config files, for editors, of reports and architectures."""
