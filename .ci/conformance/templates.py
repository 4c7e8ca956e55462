"""The templates of a folder of generated projects, each content once."""

import hashlib
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

# The template configuration of a target is called <environment>-<account>-<region>.json.
TARGET = re.compile(r"-\d{12}-([a-z0-9-]+)\.json$")


@dataclass
class Template:
    """One content, the regions that it is for and every place where it stands."""

    text: str
    regions: tuple[str, ...]
    places: list[str] = field(default_factory=list)  # <project>/out/…


def collect(projects: Path) -> list[Template]:
    found: dict[tuple[str, tuple[str, ...]], Template] = {}
    for project in sorted(p for p in projects.iterdir() if p.is_dir()):
        names = [p.name for p in project.glob("out/parameters/*.json")]
        regions = tuple(sorted({m.group(1) for m in map(TARGET.search, names) if m}))
        if not regions:
            sys.exit(f"conformance: {project} has no out/parameters/*.json, so that its regions are unknown")
        for file in sorted(project.glob("out/**/*.yaml")):
            text = file.read_text(encoding="utf-8")
            if not re.search(r"^Resources:", text, re.MULTILINE):
                sys.exit(f"conformance: {file} is no template")
            if re.search(r"cfn-lint|guard:|SuppressedRules", text):
                sys.exit(f"conformance: {file} speaks to its judges")
            key = (hashlib.sha256(text.encode()).hexdigest(), regions)
            place = file.relative_to(projects).as_posix()
            found.setdefault(key, Template(text, regions)).places.append(place)
    if not found:
        sys.exit(f"conformance: no templates in {projects}")
    return list(found.values())
