"""The language server, spoken to on its standard input and output as by an editor."""
