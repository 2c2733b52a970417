"""Small values that the relay keeps for itself between runs."""

from sqlite_utils import Database


class Notes:
    """Texts by name."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def get(self, name: str) -> str | None:
        """The value, or None if there is none."""
        row = self.database.execute("SELECT value FROM notes WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else None

    def put(self, name: str, value: str) -> None:
        """Keep this value, in place of an earlier one."""
        self.database.execute(
            "INSERT INTO notes VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
            [name, value],
        )
