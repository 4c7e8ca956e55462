"""cfn-lint over every template: no errors, no warnings."""

import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from cfnlint.config import ConfigMixIn, ManualArgs
from cfnlint.decode.decode import decode_str
from cfnlint.runner import Runner
from templates import Template, collect


# Actions that the published schema of AWS::ApiGatewayV2::Stage asks for, and API Gateway
# too, and that AWS's list of actions, which the linter takes for complete, does not hold.
# https://github.com/aws-amplify/amplify-cli/issues/12316
UNLISTED = ("'tagresource' is not one of ['addcertificatetodomain'", "'untagresource' is not one of ['addcertificatetodomain'")


@cache
def runner(regions: tuple[str, ...]) -> Runner:
    """Loading the rules takes longer than a template."""
    return Runner(ConfigMixIn(**ManualArgs(regions=list(regions))))


def lint(template: Template) -> tuple[list[str], int]:
    """What is found in a template, and how much of it is excepted above."""
    body, matches = decode_str(template.text)
    if not matches:
        matches = list(runner(template.regions).validate_template(body))
    serious = [m for m in matches if m.rule.severity in ("error", "warning")]
    excepted = [m for m in serious if m.rule.id == "W3037" and m.message.startswith(UNLISTED)]
    return [
        f"{template.places[0]}:{m.linenumber}:{m.columnnumber}: {m.rule.id} {m.message}" for m in serious if m not in excepted
    ], len(excepted)


def main() -> None:
    projects = Path(sys.argv[1])
    templates = collect(projects)
    os.chdir(projects)  # away from any .cfnlintrc
    start = time.monotonic()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lint, templates, chunksize=8))
    findings = [line for lines, _ in results for line in lines]
    excepted = sum(count for _, count in results)
    for line in findings:
        print(line)
    places = sum(len(t.places) for t in templates)
    print(f"{places} templates, {len(templates)} of them different, {len(findings)} errors and warnings, {excepted} more excepted with a reason (W3037), {time.monotonic() - start:.0f} s")
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
