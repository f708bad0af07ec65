"""`python -m deploy` is `livescreen`."""

from deploy.cli import main

main()
