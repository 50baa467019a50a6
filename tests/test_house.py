"""The rules of the house, each as a test that reads the sources."""

import ast
import importlib
import re
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("mtl_reference", "properties", "conformance")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
STANDARD = sys.stdlib_module_names

# What each room may import beside the standard library and itself; the first prefix that a
# file's path begins with decides.
ALLOWED = {
    "properties/proofs/": {"mtl_reference", "properties", "hypothesis", "sympy", "z3", "pytest"},
    "properties/witness.py": {"mtl_reference", "mpmath"},
    "properties/test_": {
        "mtl_reference",
        "properties",
        "hypothesis",
        "flint",
        "mpmath",
        "pytest",
    },
    "conformance/pytest_": {*ROOMS, "pytest"},
    "conformance/cluster.py": {*ROOMS, "distributed"},
    "conformance/report/toy.py": {*ROOMS, "numpy", "matplotlib"},
    "conformance/report/histogram.py": {"matplotlib"},
    "conformance/report/timings.py": {"matplotlib"},
    "conformance/signing.py": {*ROOMS, "cryptography", "securesystemslib"},
    "conformance/torch_runner/": {*ROOMS, "numpy", "rich", "torch", "jaxtyping"},
    "conformance/adapters/": {
        *ROOMS,
        "numpy",
        "torch",
        "conflictfree",
        "golden_pendulum",
        "gradnorm_pytorch",
        "rotograd",
        "torchjd",
    },
    "mtl_reference/": {"mtl_reference", "flint"},
    "properties/": {"mtl_reference", "properties", "hypothesis", "flint"},
    "conformance/": {*ROOMS, "numpy", "flint", "jsonschema", "referencing", "rfc8785", "rich"},
}


def relative(path: Path) -> str:
    """Path of a source below the root, with forward slashes."""
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Top-level names of the packages that a source imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_imports_follow_the_arrow(path: Path) -> None:
    """A source imports only what its room may: mtl_reference <- properties <- conformance."""
    name = relative(path)
    allowed = next(names for prefix, names in ALLOWED.items() if name.startswith(prefix))
    assert imported(path) - STANDARD - allowed == set()


@pytest.mark.parametrize("path", SOURCES, ids=relative)
def test_module_says_what_it_is(path: Path) -> None:
    """A module's docstring begins with one sentence."""
    docstring = ast.get_docstring(ast.parse(path.read_text())) or ""
    first = docstring.split("\n\n")[0].replace("\n", " ")
    assert first.endswith((".", ":")), f"{relative(path)}: {first!r}"


def packages() -> list[str]:
    """Dotted names of the packages whose ``__init__`` names a public face."""
    found = [
        path for path in SOURCES if path.name == "__init__.py" and "__all__" in path.read_text()
    ]
    return [relative(path.parent).replace("/", ".") for path in found]


@pytest.mark.parametrize("package", packages())
def test_table_of_contents_is_sorted_and_true(package: str) -> None:
    """``__all__`` is sorted (constants, classes, functions), true, and complete."""
    module = importlib.import_module(package)
    names = list(module.__all__)
    assert names == sorted(names, key=lambda n: (not n.isupper(), not n[0].isupper(), n))
    assert all(hasattr(module, name) for name in names)
    tree = ast.parse(Path(str(module.__file__)).read_text())
    bound = {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if node.module and node.module.split(".")[0] in ROOMS
    }
    things = {name for name in bound if not isinstance(getattr(module, name), ModuleType)}
    assert {name for name in things if not name.startswith("_")} <= set(names)


@pytest.mark.parametrize("room", ROOMS)
def test_rooms_have_a_table_of_contents(room: str) -> None:
    """Each room names its public face."""
    assert room in packages()


def names_in(folder: str, suffix: str = ".py") -> set[str]:
    """Names of the files in a folder, without the suffix and private ones."""
    found = {path.name.removesuffix(suffix) for path in (ROOT / folder).glob(f"*{suffix}")}
    return {name for name in found if not name.startswith("_")}


@pytest.mark.parametrize(
    ("folder", "suffix"),
    [
        ("mtl_reference/certificates", ".py"),
        ("mtl_reference/branches", ".py"),
        ("properties/claims", ".py"),
        ("conformance/torch_runner/aggregators", ".py"),
        ("docs/methods", ".md"),
    ],
)
def test_a_method_has_one_name_in_every_room(folder: str, suffix: str) -> None:
    """Each method's certificate, branches, torch form and page bear the method's name."""
    methods = names_in("mtl_reference/methods")
    assert methods <= names_in(folder, suffix)


def test_the_table_of_methods_is_the_folder() -> None:
    """METHODS lists each file of the folder, sorted, under its own name."""
    table = importlib.import_module("mtl_reference").METHODS
    assert list(table) == sorted(names_in("mtl_reference/methods"))
    assert all(method.id == name for name, method in table.items())


FACES = {"aggregate", "weigh", "measure"}
AGGREGATORS = sorted((ROOT / "conformance/torch_runner/aggregators").glob("[a-z]*.py"))


@pytest.mark.parametrize("path", AGGREGATORS, ids=relative)
def test_a_torch_form_has_one_face(path: Path) -> None:
    """A file binds one of the names that the backend looks for: a helper of another would win."""
    bound = [
        name
        for node in ast.parse(path.read_text()).body
        for name in (
            [each.asname or each.name for each in node.names]
            if isinstance(node, (ast.Import, ast.ImportFrom))
            else [getattr(node, "name", "")]
        )
    ]
    assert len(FACES & set(bound)) == 1


METHOD_FILES = sorted((ROOT / "mtl_reference/methods").glob("[a-z]*.py"))


@pytest.mark.parametrize("path", METHOD_FILES, ids=relative)
def test_a_method_file_keeps_its_order(path: Path) -> None:
    """A method file is docstring, METHOD, the method, helpers; the docstring cites its paper."""
    tree = ast.parse(path.read_text())
    order = [
        node.targets[0].id if isinstance(node, ast.Assign) else node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        or (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name))
    ]
    main = importlib.import_module("mtl_reference").METHODS[path.stem].main
    assert order.index("METHOD") < order.index(main)
    assert order.index(main) == min(index for index, name in enumerate(order) if name.islower())
    assert re.search(r"\[[A-Z][\w&+-]*\]", ast.get_docstring(tree) or "")


# Wrong on purpose, a library's own settings, the witness's digits; and the file for tolerances.
FREE = (
    "conformance/zoo/faults",
    "conformance/adapters",
    "properties/witness.py",
    "conformance/tolerance.py",
)
BOUND = [path for path in SOURCES if not relative(path).startswith(FREE)]


@pytest.mark.parametrize("path", BOUND, ids=relative)
def test_tolerances_live_in_one_file(path: Path) -> None:
    """No small number stands in the code outside tolerance.py."""
    tree = ast.parse(path.read_text())
    small = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, float)
        and 0 < abs(node.value) < 1e-4  # what a tolerance looks like
    ]
    assert small == []


def test_nothing_is_called_a_drawer() -> None:
    """No module is called utils, helpers, common or misc."""
    drawers = {"utils", "util", "helpers", "common", "misc"}
    assert [relative(p) for p in SOURCES if drawers & set(p.with_suffix("").parts)] == []


def test_every_dependency_is_pinned() -> None:
    """Each requirement of pyproject.toml has a line in constraints.txt."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [r for group in project["optional-dependencies"].values() for r in group]
    wanted = {re.split(r"[\[<>=~! ]", r)[0].lower() for r in [*project["dependencies"], *extras]}
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = {line.split("==")[0].lower() for line in lines if "==" in line}
    assert wanted - pinned - {"mtl-reference"} == set()
