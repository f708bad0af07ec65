"""`livescreen`, also as `python -m deploy`."""

import sys

INTERRUPTED = 130  # what a shell expects of a command that Ctrl-C ended


def main() -> None:
    """Runs the command line; a Ctrl-C that comes while it is still being read ends it without a traceback."""
    try:
        from deploy.cli import main as run  # noqa: PLC0415 (reading it takes a quarter of a second)

        run()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    main()
