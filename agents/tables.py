"""Faust's tables, of which there are none: the state is the store's."""

from typing import Any

from faust.tables.manager import TableManager


class NoTables(TableManager):  # type: ignore[misc]  # Faust's classes are not checked, see pyproject.toml
    """Starts at once. Stock sleeps for a second first, so that tables can be registered; every start of a worker would wait for it."""

    async def on_start(self) -> None:
        """Tells those who wait for the tables that they are all there."""
        await self._update_channels()
        await self.recovery.start()

    def __setitem__(self, key: str, value: Any) -> None:
        """Refused: a table would be registered too late."""
        raise TypeError("agents keep their state in the store, not in Faust's tables")
