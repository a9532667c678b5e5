"""JSON Schemas of the config files of every PEFT release, of an editor's view, and of reports."""
