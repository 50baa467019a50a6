"""Mutations of bytes: small damage of the kinds that break readers, drawn from a seed."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

TOKENS = (
    b"NaN", b"Infinity", b"-Infinity", b"1e999", b"-1e400", b"1e-400", b"0", b"-0", b"-1", b"1.5",
    b"9223372036854775808", b"18446744073709551616", b"1" * 400, b"-" + b"9" * 4300, b"true",
    b"false", b"null", b"[]", b"{}", b"[[]]", b'""', b'"a"', b'"\\ud800"', b'"\\u0000"',
    b'"\\u202e"', b'"\x1b[2J"', b'"<script>"', b'"../../x"', b'"0x1p+99999"', b'"nan"', b'"1/0"',
    b'"inf"', b'"9' + b"9" * 60 + b'/7"', b'"T"', b'"AAAA"', b"[" * 2000, b'{"a":' * 1200, b"\xff",
    b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x00", b"\n", b"\r", b"\xe2\x80\xa8", b",", b":",
    b"}", b"]", b'"', b"\\", b"'", b"#", b"=", b"[[", b"]]", b"**", b"/0", b"(", b")", b"2**16",
    b'"id":1,', b'"extra":1,', b'"constructor":{},', b'"T":1,', b"[1099511627776,1099511627776]",
)  # fmt: skip

PART = re.compile(rb'"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[\[\]{},:=()*/+-]')

Draw = random.Random
Change = Callable[[bytes, Draw], bytes]


def mutants(seeds: Sequence[bytes], number: int, seed: int) -> Iterator[bytes]:
    """So many damaged forms of the seeds; the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311  (to be had again)
    for _ in range(number):
        line = draw.choice(seeds)
        for _ in range(draw.choice((1, 1, 1, 2, 2, 3, 5))):
            line = draw.choice(CHANGES)(line, draw)
        if draw.random() < 1 / 20:
            line = _spliced(line, draw.choice(seeds), draw)
        yield line


def _flipped(line: bytes, draw: Draw) -> bytes:
    if not line:
        return line
    place = draw.randrange(len(line))
    return line[:place] + bytes([line[place] ^ 1 << draw.randrange(8)]) + line[place + 1 :]


def _cut(line: bytes, draw: Draw) -> bytes:
    start, end = _span(line, draw)
    return line[:start] + line[end:]


def _doubled(line: bytes, draw: Draw) -> bytes:
    start, end = _span(line, draw)
    return line[:end] + line[start:]


def _truncated(line: bytes, draw: Draw) -> bytes:
    return line[: draw.randrange(len(line) + 1)]


def _inserted(line: bytes, draw: Draw) -> bytes:
    place = draw.randrange(len(line) + 1)
    return line[:place] + draw.choice(TOKENS) + line[place:]


def _replaced(line: bytes, draw: Draw) -> bytes:
    """Another token, or another part of the same line, in the place of a part."""
    parts = list(PART.finditer(line))
    if not parts:
        return line
    one, other = draw.choice(parts), draw.choice(parts)
    new = other[0] if draw.random() < 1 / 3 else draw.choice(TOKENS)
    return line[: one.start()] + new + line[one.end() :]


def _spliced(line: bytes, other: bytes, draw: Draw) -> bytes:
    return line[: draw.randrange(len(line) + 1)] + other[draw.randrange(len(other) + 1) :]


def _span(line: bytes, draw: Draw) -> tuple[int, int]:
    start = draw.randrange(len(line) + 1)
    return start, min(len(line), start + draw.choice((1, 1, 2, 4, 16, 64)))


CHANGES: tuple[Change, ...] = (
    _flipped, _cut, _doubled, _truncated, _inserted, _replaced, _replaced, _replaced,
)  # fmt: skip
