"""A command with an option for each field of `LoraConfig`."""

from __future__ import annotations

import click


class FieldCommand(click.Command):
    """A command whose options for fields are only made when its options are needed.

    The list of all commands needs none, and does not load the table of fields for them.
    """

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Return the command's own parameters, the options for fields, and `--help`."""
        from loracfg.cli.config_options import field_options

        found, own = super().get_params(ctx), len(self.params)
        return [*found[:own], *field_options(), *found[own:]]
