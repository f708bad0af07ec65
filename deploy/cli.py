"""The `livescreen` command."""
# ruff: noqa: PLC0415 - each command imports what it alone needs: Faust takes a second, and `livescreen token` should not wait for it

import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.problem import Problem, explain

if TYPE_CHECKING:
    from deploy.settings import Settings

app = typer.Typer(help="A live-commerce control room.", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
token_app = typer.Typer(help="Make an access token; list and revoke them.", invoke_without_command=True)
app.add_typer(token_app, name="token")

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Where the one-machine stack keeps its data.", file_okay=False)]
Port = Annotated[
    int | None, typer.Option("--port", min=1, max=65_535, help="Where the screen listens. [default: 8700]", show_default=False)
]
DATA = Path(".livescreen")


def main() -> None:
    """Runs the command line. What a person can mend is said in plain lines; only a bug shows a traceback."""
    try:
        app(prog_name="livescreen")
    except Exception as error:
        problem = explain(error)
        if problem is None:
            raise
        for line in problem.lines:
            say(line)
        sys.exit(problem.status)


def _settings() -> "Settings":
    """Read before what takes longer to import, so that wrong ones are said at once."""
    from deploy.settings import load

    return load()


def say(line: str) -> None:
    """A line for the person at the terminal; who may have closed it, and then the work goes on all the same."""
    with suppress(OSError):
        print(f"livescreen: {line}", file=sys.stderr, flush=True)


@app.command()
def up(
    port: Port = None,
    data: Data = DATA,
    token_file: Annotated[Path | None, typer.Option(metavar="FILE", help="Writes an admin token there.", dir_okay=False)] = None,
) -> None:
    """Run the whole system on this machine, until Ctrl-C."""
    settings = _settings()
    from deploy import up as command

    command.run(settings, data, port, token_file, say)


@app.command()
def demo(port: Port = None, data: Data = DATA) -> None:
    """Run the whole system with a simulated broadcast, and print the address to open."""
    settings = _settings()
    from deploy import demo as command

    command.run(settings, data, port, say)


@app.command()
def agents() -> None:
    """Run one agent worker; any number of them share the work."""
    settings = _settings().for_agents()
    from agents.worker import run

    run(settings)


@app.command()
def watch() -> None:
    """Run one watcher, which evaluates the rules and delivers alerts; any number of them share the rooms."""
    settings = _settings().for_watch()
    from agents.alerting.worker import run

    run(settings)


@app.command()
def connect() -> None:
    """Run one worker that turns pushes of platforms into events; any number of them share the work."""
    settings = _settings().for_connect()
    from agents.inbox.worker import CannotStart, run

    try:
        run(settings)
    except CannotStart as error:
        raise Problem(*error.lines) from None


@app.command()
def screen(port: Port = None) -> None:
    """Run one screen server; any number of them show the same."""
    settings = _settings().listening_on(port)
    from deploy import logs
    from screen.server import run

    logs.configure(settings.log_level)
    run(settings.for_screen())


@app.command()
def simulate(
    room: Annotated[str, typer.Option(metavar="R", help="The room; a room is one broadcast, so give a new id each time.")],
    rate: Annotated[float, typer.Option(min=0.1, max=100_000, metavar="EVENTS_PER_S", help="Events per second, on average.")] = 100,
    minutes: Annotated[float, typer.Option(min=0.01, metavar="M", help="How long the broadcast lasts.")] = 60,
    seed: Annotated[int, typer.Option(metavar="S", help="The same seed gives the same broadcast.")] = 1,
    history: Annotated[float, typer.Option(min=0, metavar="M", help="Minutes before now that are sent at once.")] = 0,
    data: Data = DATA,
) -> None:
    """Send a believable broadcast into Kafka, as it would happen."""
    from deploy import simulate as command
    from deploy.settings import load

    command.run(load(), data, room, rate, minutes, seed, history)


@app.command()
def replay(
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", exists=True, dir_okay=False, readable=True, help="NDJSON files.")],
    speed: Annotated[float | None, typer.Option(min=0.001, metavar="X", help="Send at X times the pace of the events' `at`.")] = None,
    rebase: Annotated[bool, typer.Option("--rebase", help="Move the first event's `at` to now.")] = False,
    data: Data = DATA,
) -> None:
    """Send events from files into Kafka, as fast as it takes them unless --speed says otherwise."""
    from deploy.replay import command
    from deploy.settings import load

    command.run(load(), data, files, speed, rebase)


@app.command("dead-letters")
def dead_letters(
    reason: Annotated[list[str] | None, typer.Option(metavar="R", help="Only these reasons; may be given again. [default: all]")] = None,
    since: Annotated[datetime | None, typer.Option(help="Only what was rejected from then on.")] = None,
    mended: Annotated[
        Path | None,
        typer.Option("--replay", metavar="FILE", exists=True, dir_okay=False, help="Send these lines, each with its `mended` filled in."),
    ] = None,
    data: Data = DATA,
) -> None:
    """List rejected records as JSON lines; or send the mended ones again."""
    from deploy.dead_letters import command
    from deploy.settings import load

    if mended is None:
        command.show(load(), data, reason or [], since)
    else:
        command.replay(load(), data, mended)


@app.command("map")
def map_(
    check: Annotated[str, typer.Option("--check", metavar="FILE", help="A mapping: a file, or the name of a shipped one.")],
    samples: Annotated[
        list[Path] | None, typer.Argument(metavar="SAMPLE…", exists=True, dir_okay=False, readable=True, help="JSON, CSV or XLSX files.")
    ] = None,
    room: Annotated[str, typer.Option(metavar="R", help="The room, where the mapping asks for `source.room`.")] = "",
) -> None:
    """Show what a mapping makes of samples: the events, and errors by line."""
    from deploy.mappings import check as command

    command.run(check, samples or [], room)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True, help="A CSV or XLSX file.")],
    mapping: Annotated[str, typer.Option(metavar="M", help="A mapping: a file, or the name of a shipped one.")],
    room: Annotated[str, typer.Option(metavar="R", help="The room, where the mapping asks for `source.room`.")] = "",
    source: Annotated[str, typer.Option(metavar="NAME", help="Who says so; rows of one source are known when they come again.")] = "import",
    data: Data = DATA,
) -> None:
    """Send the rows of a platform's export into Kafka; what was sent before is not sent again."""
    from deploy.mappings import bringing as command
    from deploy.settings import load

    command.run(load(), data, file, mapping, room, source)


@app.command()
def backtest(
    rules: Annotated[Path, typer.Argument(metavar="RULES", exists=True, dir_okay=False, readable=True, help="A file of alert rules.")],
    room: Annotated[str, typer.Option(metavar="R", help="A room with a broadcast in it, over or not.")],
    data: Data = DATA,
) -> None:
    """Show when each rule would have fired in a recorded broadcast, as far as its minutes tell."""
    from deploy import backtest as command
    from deploy.settings import load

    command.run(load(), data, rules, room)


@token_app.callback()
def token(
    context: typer.Context,
    role: Annotated[
        str | None, typer.Option(help="viewer, assistant, operator or admin; or source, which writes events over HTTP.")
    ] = None,
    room: Annotated[list[str] | None, typer.Option(help="Only this room; may be given again. [default: all]", show_default=False)] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="For a source: only this topic; may be given again. [default: all]", show_default=False)
    ] = None,
    days: Annotated[float, typer.Option(min=0.001, max=3_650, help="How long it is good.")] = 30,
    name: Annotated[str, typer.Option(help="Whose it is: for the list, and as the author of what they write.")] = "",
    data: Data = DATA,
) -> None:
    """Make an access token and print it, alone on the last line."""
    if context.invoked_subcommand is not None:
        return
    if role is None:
        raise Problem("say which role the token is for: --role viewer, assistant, operator, admin or source", status=2)
    from deploy import tokens
    from deploy.settings import load

    tokens.make(load(), data, role, room or [], topic or [], days, name)


@token_app.command("list")
def token_list(data: Data = DATA) -> None:
    """List the tokens that are good now."""
    from deploy import tokens
    from deploy.settings import load

    tokens.show(load(), data)


@token_app.command("revoke")
def token_revoke(token_id: Annotated[str, typer.Argument(metavar="ID", help="As `token list` shows it.")], data: Data = DATA) -> None:
    """End a token, and the sessions it opened."""
    from deploy import tokens
    from deploy.settings import load

    tokens.revoke(load(), data, token_id)


@app.command()
def doctor(data: Data = DATA) -> None:
    """Check settings, Kafka, Redis, topics, lag and screen, and say what to do."""
    from deploy.doctor import command

    raise typer.Exit(command.run(data))
