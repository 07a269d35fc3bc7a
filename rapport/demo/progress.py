"""How far a story is told, on a terminal."""


class Progress:
    """One line that is written over; nothing where nobody watches."""

    def __init__(self, stream):
        self.stream = stream if getattr(stream, "isatty", bool)() else None

    def __call__(self, words: str, done: int = 0, of: int = 0) -> None:
        if self.stream:
            share = f" {100 * done // of:3d}%" if of else ""
            self.stream.write(f"\r\033[Krapport demo: {words}{share}", ending="")
            self.stream.flush()

    def over(self) -> None:
        if self.stream:
            self.stream.write("\r\033[K", ending="")
