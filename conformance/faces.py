"""The Python faces of a run: certify a backend, list its checks, put them before pytest."""

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from conformance import campaign
from conformance.backend import BackendSpec, resolve
from conformance.certificate import Certificate
from conformance.worker import Bench
from properties.checks import Job

Backend = str | BackendSpec


def certify(
    backend: Backend,
    *,
    out: Path | str | None = None,
    profile: str = "quick",
    seed: int = 0,
    jobs: int = 1,
    methods: Collection[str] | None = None,
    laws: Collection[str] | None = None,
    dtypes: Collection[str] | None = None,
    timeout: float | None = None,
    memory: int | None = None,
    scheduler: str | None = None,
    resume: bool = False,
    merge: Sequence[Path | str] = (),
    env: Mapping[str, str] | None = None,
    expected: Path | str | None = None,
    sign: Path | str | None = None,
    progress: campaign.Progress | None = None,
) -> Certificate:
    """Certify a backend: a name, "module:attribute", "file.py:attribute", or a resolved spec.

    Everything is written under ``out``; without it only the certificate is kept. ``scheduler`` is
    a Dask cluster's address, ``merge`` the folders of other parts of the run. ``expected`` is
    a file of expected failures, ``sign`` a private key. Raises BrokenBackendError where the
    backend cannot be asked, and ValueError for unknown names and bad files.
    """
    with TemporaryDirectory() as scratch:
        options = campaign.Options(
            Path(scratch) if out is None else Path(out),
            profile=profile,
            seed=seed,
            jobs=jobs,
            methods=methods,
            laws=laws,
            dtypes=dtypes,
            timeout=timeout,
            memory=memory,
            scheduler=scheduler,
            resume=resume,
            merge=[Path(each) for each in merge],
            env=env or {},
            expected=None if expected is None else Path(expected),
            sign=None if sign is None else Path(sign),
        )
        return campaign.run(_spec(backend), options, progress)


def checks(backend: Backend, **options: Any) -> list[Job]:  # noqa: ANN401  (those of Options)
    """The jobs that `certify` would run, with the options profile, methods, laws, dtypes."""
    spec = _spec(backend)
    chosen = campaign.Options(Path(), **options)
    with Bench(spec, {}, chosen.seed, chosen.limits).supervisor() as supervisor:
        return campaign.planned(supervisor.describe(), spec, chosen)


def parametrize(backend: Backend, **options: Any) -> Callable[[Any], Any]:  # noqa: ANN401  (a test)
    """Decorator: one pytest test for each check of a backend.

    The test takes ``check``, a callable without arguments that runs the job and fails with the
    counterexample where the law is broken.
    """
    from conformance.pytest_jobs import parametrized

    found: Callable[[Any], Any] = parametrized(_spec(backend), checks(backend, **options))
    return found


def _spec(backend: Backend) -> BackendSpec:
    return backend if isinstance(backend, BackendSpec) else resolve(backend)
