"""What a run goes on from: what its own folder holds, and what other folders of the same run hold.

A finished job is taken over whole or not at all: its lines, its duration and its failure's files.
Where any of them is missing the job counts as unfinished, and is run again.
"""

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, final

from conformance import failures, journal, suite
from conformance.journal import Journal, Line, Past

Notice = Callable[[str], None]


@final
class ResumeRefused(ValueError):  # noqa: N818  (an answer to --resume, not a fault)
    """A folder holds a run of something else, or a spoiled one; the message says what and where."""


def resumed(
    log: Journal, folder: Path, header: Line, sources: Iterable[Path], notice: Notice
) -> Past:
    """What the folder and the sources hold of the run with this header, all of it in ``log``.

    ``log`` is the folder's own journal. ResumeRefused where a folder holds another run, or cannot
    be read; ``notice`` is told what was mended and merged. The headers are one for each
    environment that the run has met, this one included.
    """
    own = _read(folder, header, f"resume {folder}", mend=True)
    shards = {each: _shard(each, header) for each in sources if not _same(each, folder)}
    if own.mended:
        notice(own.mended)
    places = [each["environment"] for each in own.headers]
    told = len(places)
    for each in (header, *(each for shard in shards.values() for each in shard.headers)):
        places += [] if each["environment"] in places else [each["environment"]]
    headers = [{**header, "environment": place} for place in places]
    for each in headers[told:]:
        log.header(each)
    jobs = {key: lines for key, lines in own.jobs.items() if _kept(folder, key, lines)}
    for source, shard in shards.items():
        notice(_merged(log, folder, source, shard, jobs))
    return Past(headers, jobs)


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()


def _shard(folder: Path, header: Line) -> Past:
    """What a folder that is to be merged holds; it is only read, and may still be written to."""
    if not (folder / journal.JOURNAL).is_file():
        message = f"cannot merge {folder}: it holds no {journal.JOURNAL}; name folders of runs"
        raise ResumeRefused(message)
    return _read(folder, header, f"merge {folder}", mend=False)


def _read(folder: Path, header: Line, purpose: str, *, mend: bool) -> Past:
    """The journal of a folder, if it is of the same run."""
    try:
        past = journal.read(folder, mend=mend)
    except journal.SpoiledError as error:
        message = f"cannot {purpose}: {error}; run it anew"
        raise ResumeRefused(message) from error
    for each in past.headers:
        _same_run(each, header, purpose)
    if past.jobs and not past.headers:
        message = f"cannot {purpose}: its journal has no header; run it anew"
        raise ResumeRefused(message)
    return past


def _same_run(before: Line, now: Line, purpose: str) -> None:
    """Refuse to mix the results of two runs; ResumeRefused names the first difference."""
    old, new = _identity(before), _identity(now)
    for name in sorted(old.keys() | new.keys(), key=[*new, *old].index):
        was, now_is = old.get(name), new.get(name)
        if was != now_is:
            shown = "" if isinstance(was, dict) else f" (was {was}, is {now_is})"
            message = f"cannot {purpose}: the {name} changed{shown}; run it anew"
            raise ResumeRefused(message)


def _identity(header: Line) -> dict[str, Any]:
    """What two headers of one run have in common, by the words that a user knows it by."""
    chosen = header["selection"]
    return {
        "suite digest": header["suite"].get("digest"),
        "backend digest": header["artifact"],
        "backend's description": header["describe"],
        "seed": header["seed"],
        "profile": header["profile"],
        "training": chosen.get("in_training"),
        "list of expected failures": chosen.get("expected"),
        **suite.fixed(header["environment"]),
    }


# Failures' files, and merging ------------------------------------------------------------------


def _case(key: str, lines: Sequence[Line]) -> str | None:
    """The name of a job's failure, if it has one."""
    return next((key[:16] for line in lines if line.get("case") is not None), None)


def _kept(folder: Path, key: str, lines: Sequence[Line]) -> bool:
    """Whether a folder has a finished job whole, its failure's files included."""
    case = _case(key, lines)
    return case is None or failures.is_whole(folder, case)


def _merged(
    log: Journal, folder: Path, source: Path, shard: Past, jobs: dict[str, Sequence[Line]]
) -> str:
    """Take over the finished jobs of a shard that are new; what was done, in words."""
    taken, otherwise = 0, 0
    for key, lines in shard.jobs.items():
        if key in jobs:
            otherwise += jobs[key] != lines
        elif _kept(source, key, lines):
            if (case := _case(key, lines)) is not None:
                failures.copy(source, folder, case)
            log.job(key, lines, shard.seconds[key])
            jobs[key] = lines
            taken += 1
    told = f"merged {taken} finished jobs of {source}"
    return f"{told}; {otherwise} more ended otherwise there" if otherwise else told


def training(sources: Iterable[Path], folder: Path, name: str) -> None:
    """Take over the training that another folder has captured, so that it need not run again."""
    for file in (source / name for source in sources):
        if file.is_file() and not (folder / name).exists():
            draft = folder / f"partial-{name}"
            shutil.copyfile(file, draft)
            draft.replace(folder / name)
