"""cfn-guard with the Control Tower rules: every failure stands in the reviewed list."""

import fnmatch
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import yaml
from cfnlint.decode.decode import decode_str
from templates import Template, collect

BATCH = 10  # templates per process of cfn-guard


@dataclass(frozen=True, order=True)
class Failure:
    place: str  # <project>/out/…
    rule: str
    resource: str  # type
    name: str  # logical id


@dataclass
class Reviewed:
    rule: str
    templates: list[str]
    resource: str
    reason: str
    used: int = 0

    def explains(self, failure: Failure) -> bool:
        path = failure.place.split("/out/", 1)[1]
        return (
            failure.rule == self.rule
            and failure.resource == self.resource
            and any(fnmatch.fnmatchcase(path, pattern) for pattern in self.templates)
        )


def program(package: Path) -> str:
    system = {"Linux": "ubuntu", "Darwin": "macos"}.get(platform.system())
    machine = {"x86_64": "x86_64", "aarch64": "aarch64", "arm64": "aarch64"}.get(platform.machine())
    file = package / "bin" / str(system) / str(machine) / "cfn-guard"
    if not file.exists():
        sys.exit(f"conformance: there is no cfn-guard for {platform.system()} on {platform.machine()}")
    return str(file)


def judge(guard: str, rules: Path, files: list[str]) -> dict[str, set[tuple[str, str]]]:
    """Runs guard and returns, by file, the pairs of a rule and a logical id that fail."""
    command = [guard, "validate", "--structured", "--output-format", "json", "--show-summary", "none", "--rules", str(rules)]
    for file in files:
        command += ["--data", file]
    run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode not in (0, 19):  # 19: some rule failed
        sys.exit(f"conformance: cfn-guard ended with {run.returncode}: {run.stderr}")
    failures: dict[str, set[tuple[str, str]]] = {}
    reports = json.loads(run.stdout)
    if len(reports) != len(files):
        sys.exit(f"conformance: cfn-guard judged {len(reports)} of {len(files)} templates")
    for report in reports:
        found = failures.setdefault(Path(report["name"]).name, set())
        for rule in report["not_compliant"]:
            found |= {(rule["Rule"]["name"], name) for name in resources(rule)}
    return failures


def resources(node: object) -> set[str]:
    """The logical ids in whatever guard says about a failed rule."""
    if isinstance(node, dict):
        found = set()
        for key, value in node.items():
            if key == "path" and isinstance(value, str) and value.startswith("/Resources/"):
                found.add(value.split("/")[2])
            else:
                found |= resources(value)
        return found
    if isinstance(node, list):
        return set().union(*map(resources, node))
    return set()


def shape(template: Template) -> str:
    """What guard sees of a template: its rules look at no name and at no digest."""
    name = Path(template.places[0]).stem
    text = re.sub(r"[0-9a-f]{16,}", "DIGEST", template.text)
    return text.replace(name, "NAME") if len(name) > 3 else text


def one_of_each_shape(templates: list[Template]) -> list[Template]:
    shapes: dict[str, Template] = {}
    for template in templates:
        places = shapes.setdefault(shape(template), Template(template.text, template.regions)).places
        places += template.places
    return list(shapes.values())


def judge_all(templates: list[Template], guard: str, rules: Path) -> list[Failure]:
    with tempfile.TemporaryDirectory() as folder:
        decoded = {}
        for i, template in enumerate(templates):
            body, errors = decode_str(template.text)
            if errors:
                sys.exit(f"conformance: {template.places[0]} cannot be read: {errors}")
            decoded[f"{i}.json"] = body
            Path(folder, f"{i}.json").write_text(json.dumps(body), encoding="utf-8")
        files = [str(Path(folder, name)) for name in decoded]
        batches = [files[i : i + BATCH] for i in range(0, len(files), BATCH)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            reports = list(pool.map(lambda batch: judge(guard, rules, batch), batches))
    failures = []
    for name, found in (item for report in reports for item in report.items()):
        template = templates[int(name.removesuffix(".json"))]
        for rule, resource in found:
            kind = decoded[name]["Resources"][resource]["Type"]
            failures += [Failure(place, rule, kind, resource) for place in template.places]
    return sorted(failures)


def main() -> None:
    projects, package, reviewed_file = map(Path, sys.argv[1:])
    reviewed = [Reviewed(**entry) for entry in yaml.safe_load(reviewed_file.read_text(encoding="utf-8"))]
    templates = one_of_each_shape(collect(projects))
    start = time.monotonic()
    failures = judge_all(templates, program(package), package / "rules/control-tower/cfn-guard")
    unexplained: dict[tuple[str, str], list[str]] = {}
    for failure in failures:
        reasons = [entry for entry in reviewed if entry.explains(failure)]
        for entry in reasons:
            entry.used += 1
        if not reasons:
            unexplained.setdefault((failure.rule, failure.resource), []).append(f"{failure.place} ({failure.name})")
    wrong = [
        f"not reviewed: {rule}: {resource} in {', '.join(places[:3])}" + (f" and {len(places) - 3} more" if places[3:] else "")
        for (rule, resource), places in unexplained.items()
    ]
    wrong += [f"explains nothing any more: {e.rule} on {e.resource} in {', '.join(e.templates)}" for e in reviewed if not e.used]
    wrong += [f"has no reason: {e.rule} on {e.resource}" for e in reviewed if not e.reason.strip()]
    print("\n".join(wrong), end="\n" if wrong else "")
    summary(templates, failures, wrong, time.monotonic() - start)
    sys.exit(1 if wrong else 0)


def summary(templates: list[Template], failures: list[Failure], wrong: list[str], seconds: float) -> None:
    places = [place for t in templates for place in t.places]
    print(f"{len(places)} templates of {len(templates)} shapes, {len(failures)} failures, {len(wrong)} complaints, {seconds:.0f} s")
    for rule, n in Counter(f.rule for f in failures).most_common():
        print(f"  {n:5} {rule}")
    print("failures of the pipeline templates:")
    for place in places:
        if place.endswith("/out/pipeline.yaml"):
            print(f"  {sum(f.place == place for f in failures):5} {place}")


if __name__ == "__main__":
    main()
