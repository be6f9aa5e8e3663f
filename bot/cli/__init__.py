"""The command line: `python -m bot …`. Each module here holds one noun's commands."""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any

import typer

from bot.cli import cap, cases, database, doctor, members, network, run, topics

USAGE = 2
USAGE_ERROR: Any = typer.BadParameter.__mro__[1]
"""What Typer raises for arguments that it does not understand; it keeps the name to itself."""
PROGRAM = "python -m bot"

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Twincord: a Discord bot for the alumni networks of municipal exchange programmes.",
    epilog="Settings come from TWINCORD_* variables, then from twincord.toml, then from defaults: "
    "see docs/administrators.md.",
)
app.command("run")(run.run)
app.command("demo")(run.demo)
app.command("doctor")(doctor.doctor)
app.add_typer(database.app, name="db")
app.add_typer(network.app, name="network")
app.add_typer(members.app, name="members")
app.add_typer(topics.app, name="topics")
app.add_typer(cases.app, name="cases")
app.add_typer(cap.app, name="cap")


def _show_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(version("twincord"))
        except PackageNotFoundError:  # run from its folder alone, without having been installed
            typer.echo("unknown")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main(arguments: list[str] | None = None) -> None:
    """Do what the arguments say, and end the process: 0 where it was done, 1 where not, 2 where it was misspelt."""
    given = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if "--json" not in given:
        app(given, prog_name=PROGRAM)
    try:
        sys.exit(app(given, prog_name=PROGRAM, standalone_mode=False))
    except USAGE_ERROR as error:
        typer.echo(json.dumps({"error": {"message": error.format_message(), "id": "usage"}}, indent=2))
        sys.exit(USAGE)
