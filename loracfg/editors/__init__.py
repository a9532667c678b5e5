"""Set-ups of editors: for the language server, or for the JSON Schema where that does not run."""
