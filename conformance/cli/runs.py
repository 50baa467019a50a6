"""From the options of a command line to backends and the settings of a run."""

import argparse
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from conformance.cli.options import DTYPES
from conformance.cli.trouble import Exit, Trouble, unknown

if TYPE_CHECKING:
    from conformance.backend import BackendSpec
    from conformance.supervisor import Supervisor


def specs(arguments: argparse.Namespace) -> "list[BackendSpec]":
    """The backends that were named, and the programs that were given."""
    from conformance.backend import MissingLibraryError, UnknownBackendError, resolve
    from conformance.registry import CHECKOUT

    try:
        place = dict(arguments.env).get(CHECKOUT)
        found = [resolve(name, checkout=place) for name in arguments.backends]
        found += [resolve(command=program) for program in arguments.programs]
    except MissingLibraryError as error:
        raise Trouble(str(error), Exit.BROKEN) from error
    except UnknownBackendError as error:
        raise Trouble(str(error)) from error
    if not found:
        message = "no backend is named: give a name from 'list backends', or --command"
        raise Trouble(message)
    return found


def supervisor(spec: "BackendSpec", arguments: argparse.Namespace) -> "Supervisor":
    """A supervisor of the backend with the limits that the options set."""
    from conformance.supervisor import Supervisor

    limits = {"timeout": arguments.timeout, "memory": arguments.memory}
    given = {name: value for name, value in limits.items() if value is not None}
    return Supervisor(spec, variables=variables(arguments), **given)


def variables(arguments: argparse.Namespace) -> dict[str, str]:
    """What is added to the backend's environment; the device travels there too."""
    device = {} if arguments.device == "cpu" else {"MTL_DEVICE": arguments.device}
    return device | dict(arguments.env)


def check_names(arguments: argparse.Namespace) -> None:
    """Refuse names of methods, laws and dtypes that nobody bears, before anything runs."""
    _known("dtype", getattr(arguments, "dtypes", None), DTYPES)
    if arguments.methods:
        from mtl_reference import METHODS

        _known("method", arguments.methods, METHODS)
    if getattr(arguments, "laws", None):
        from conformance import vectors
        from properties.laws import LAWS

        _known("law", arguments.laws, [*LAWS, "in-training", *vectors.LAWS])


def _known(noun: str, words: Sequence[str] | None, known: Iterable[str]) -> None:
    """Refuse the first word that is not known."""
    names = list(known)
    for word in words or ():
        if word not in names:
            unknown(noun, word, names)


def folder_name(name: str) -> str:
    """A backend's name as the name of a folder."""
    return "".join(letter if letter.isalnum() or letter in "-_." else "_" for letter in name)
