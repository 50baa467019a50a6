"""How far a run has come, told on stderr: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Tell = Callable[[int, int, str], None]

LINES = 10  # plain lines for one run


@contextmanager
def progress(title: str, *, quiet: bool = False) -> Iterator[Tell]:
    """Yield ``tell(done, total, label)``, which shows how far the run called ``title`` is."""
    if quiet:
        yield lambda _done, _total, _label: None
    elif sys.stderr.isatty():
        with _bar(title) as tell:
            yield tell
    else:
        yield _lines(title)


def _lines(title: str) -> Tell:
    """A teller that writes a line whenever another tenth of the run is done."""
    told = -1

    def tell(done: int, total: int, label: str) -> None:
        nonlocal told
        tenth = LINES * done // max(total, 1)
        if tenth > told:
            told = tenth
            print(f"{title}: {done} of {total} {label}".rstrip(), file=sys.stderr, flush=True)  # noqa: T201  (its purpose)

    return tell


@contextmanager
def _bar(title: str) -> Iterator[Tell]:
    """A teller that moves a bar."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed

    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        Elapsed(),
        TextColumn("{task.fields[label]}", style="dim"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(title, total=None, label="")

        def tell(done: int, total: int, label: str) -> None:
            shown.update(task, completed=done, total=total, label=label[:28].ljust(28))

        yield tell
