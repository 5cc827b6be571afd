"""Earmark: feedback on demos, at the very second, live."""

__version__ = "0.1.0"


def main() -> None:
    """The earmark command. Imported only when called: child processes import the script that calls it, and must not
    import a whole server with it."""
    from server.__main__ import main as command

    command()
