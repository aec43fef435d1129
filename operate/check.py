"""`make check`: everything that can be said about the product without running it."""

import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from operate.steps import ROOT, Step, module, run_all, tool

PROGRAMS = (
    "studymaster",
    "workers",
    "demo",
    "operate",
    "benchmarks",
    "alembic",
    "rxconfig.py",
)
TEXTS = (*PROGRAMS, "tests", "docs", "deploy", "README.md", "CONTRIBUTING.md", "Makefile")
SPELLING = ("--ignore-words", "operate/words.txt", "--skip", "tests/recorded,*.pdf,*.svg")
REFUSED_LICENCES = (
    "GNU General Public License (GPL)",
    "GNU General Public License v2 (GPLv2)",
    "GNU General Public License v3 (GPLv3)",
    "GNU General Public License v3 or later (GPLv3+)",
    "GNU Affero General Public License v3",
    "GNU Affero General Public License v3 or later (AGPLv3+)",
    "GPL-2.0-only",
    "GPL-2.0-or-later",
    "GPL-3.0-only",
    "GPL-3.0-or-later",
    "AGPL-3.0-only",
    "AGPL-3.0-or-later",
)
COMPOSE = "deploy/compose.yaml"
KUBERNETES = ("kubernetes-validate", "--strict", "-k", "1.37")


def pinned_names(requirements: Iterable[str]) -> list[str]:
    """Return the names of the packages that lines of a requirements file pin."""
    found = (re.match(r"([A-Za-z0-9._-]+)(\[.*\])?==", line) for line in requirements)
    return [match[1] for match in found if match]


def checks(packages: Sequence[str]) -> tuple[Step, ...]:
    """Return every check; `packages` are those whose licences the product depends on."""
    texts = [name for name in TEXTS if (ROOT / name).exists()]
    objects = sorted(str(path) for path in ROOT.glob("deploy/kubernetes/*.yaml"))
    objects = [path for path in objects if not path.endswith("/kustomization.yaml")]
    return (
        tool("style", "ruff", "check", "."),
        tool("layout", "ruff", "format", "--check", "."),
        tool("types", "pyright"),
        tool("directions", "lint-imports"),
        tool("unused code", "vulture", "--ignore-names", "cls"),
        tool("spelling", "codespell", *SPELLING, *texts),
        tool("packages", "deptry", ".", "--config", "operate/deptry.toml"),
        _licences(packages),
        module("migrations", "operate.migrate", "check"),
        tool("Dockerfile", "hadolint", "Dockerfile"),
        tool("compose", "check-jsonschema", "--builtin-schema=compose-spec", COMPOSE),
        tool("Kubernetes", *KUBERNETES, *objects),
        tool("nginx", "gixy", "deploy/nginx.conf"),
    )


def _licences(packages: Sequence[str]) -> Step:
    refused = ";".join(REFUSED_LICENCES)
    wanted = ("--from=all", "--packages", *packages, f"--fail-on={refused}")
    return tool("licences", "pip-licenses", *wanted)


def main() -> int:
    """Run every check; return the exit code."""
    requirements = Path(ROOT / "requirements.txt").read_text().splitlines()
    return run_all(checks(pinned_names(requirements)))


if __name__ == "__main__":
    sys.exit(main())
