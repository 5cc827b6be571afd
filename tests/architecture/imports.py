"""Who may import whom in server/, and who does."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

# From top to bottom. A unit (a folder or a module right under server/) may import what stands below its line,
# and nothing of its own line but itself.
LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(line.split())
    for line in (
        "__main__",
        "app tables",
        "live",
        "feedback",
        "compare",
        "uploads sharing listening",
        "songs",
        "people",
        "events",
        "blobs body_limit database doctor errors fields file_commands forms jobs migrations operations "  # the ground
        "protection rates rendering settings",
        "stages",
        "difference",
        "sound",
    )
)
TOP = frozenset({"__main__", "app"})
GROUND = next(layer for layer in LAYERS if "database" in layer)  # these may import each other, in no circle
PURE = frozenset({"stages", "difference", "sound", "demo"})
NOT_PURE = frozenset(
    {"alembic", "dbos", "jinja2", "obstore", "psycopg", "sqlalchemy", "sqlmodel", "starlette"}
)
HEIGHT = {unit: -depth for depth, layer in enumerate(LAYERS) for unit in layer}

# The demo band plays with nothing but sound; putting it into a server is a job from above.
INSTALLER = "server.demo.install"

Imports = dict[str, set[str]]  # module -> the modules it imports, all by full name


def read_imports(package: Path) -> Imports:
    """Of every module under `package`, wherever in the module the import stands."""
    return {
        module_name(path, package): imported_names(
            path.read_text(), module_name(path, package), path.stem == "__init__"
        )
        for path in sorted(package.rglob("*.py"))
    }


def module_name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_names(source: str, module: str, is_package: bool = False) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = absolute(node, module, is_package)
            # `from server import songs` imports a folder, `from server.songs import Song` a name in one
            found |= {f"{base}.{alias.name}" for alias in node.names} if base == "server" else {base}
    return found


def absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parents = module.split(".")
    parents = parents[: len(parents) - node.level + is_package]
    return ".".join([*parents, *([node.module] if node.module else [])])


def unit_of(module: str) -> str | None:
    """`songs` of `server.songs.access`; None for `server` itself and for what is not ours."""
    package, _, rest = module.partition(".")
    unit = rest.split(".")[0]
    return unit if package == "server" and unit and not unit.startswith("__version") else None


def unknown_units(imports: Imports) -> set[str]:
    return {unit for unit in map(unit_of, imports) if unit and unit not in HEIGHT and unit != "demo"}


def wrong_directions(imports: Imports) -> list[str]:
    return [
        f"{module} imports {name}"
        for module, names in sorted(imports.items())
        for name in sorted(names)
        if (target := unit_of(name))
        and (source := unit_of(module))
        and not allowed(module, source, name, target)
    ]


def allowed(module: str, source: str, name: str, target: str) -> bool:
    if source == target:
        return name != INSTALLER
    if target == "demo":
        return source in TOP
    if source == "demo":
        return target == "sound" or (module == INSTALLER and target not in TOP)
    if source in GROUND and target in GROUND:
        return True
    return HEIGHT.get(target, 1) < HEIGHT.get(source, -99)


def impure_imports(imports: Imports) -> list[str]:
    return [
        f"{module} imports {name}"
        for module, names in sorted(imports.items())
        for name in sorted(names)
        if unit_of(module) in PURE and module != INSTALLER and name.split(".")[0] in NOT_PURE
    ]


def circle(imports: Imports, within: Iterable[str]) -> list[str]:
    """One circle of imports among these units, as the units one passes; empty if there is none."""
    units = frozenset(within)
    graph: dict[str, set[str]] = {unit: set() for unit in units}
    for module, names in imports.items():
        source = unit_of(module)
        if source in units:
            graph[source] |= {
                target for name in names if (target := unit_of(name)) in units and target != source
            }
    return next((path for unit in sorted(units) if (path := walk_back_to(unit, graph))), [])


def walk_back_to(start: str, graph: dict[str, set[str]]) -> list[str]:
    paths, seen = [[start]], set[str]()
    while paths:
        path = paths.pop()
        for target in sorted(graph[path[-1]]):
            if target == start:
                return [*path, start]
            if target not in seen:
                seen.add(target)
                paths.append([*path, target])
    return []


def describe(path: list[str]) -> str:
    return ", ".join(f"{source} imports {target}" for source, target in pairwise(path))
