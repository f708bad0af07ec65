"""What a person must mend before a command can work: said in plain lines, never as a traceback."""


class Problem(Exception):
    """Each line says what is wrong and what to do. The command ends with `status`."""

    def __init__(self, *lines: str, status: int = 1) -> None:
        super().__init__("; ".join(lines))
        self.lines = lines
        self.status = status
