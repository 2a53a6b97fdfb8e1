"""Known vulnerabilities of what is installed: a finding fails, a service that does not answer is said.

Further arguments go to pip-audit: ``--ignore-vuln ID`` where a finding does not touch this app.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

LIMIT = 120
"""Seconds; without a network each package would wait for its own time-out."""


def asked(arguments: list[str]) -> tuple[list[dict[str, Any]], str]:
    """What pip-audit found out about each package, and what it said; no package where it failed."""
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--format=json"]
    try:
        done = subprocess.run(
            [*command, *arguments], capture_output=True, text=True, timeout=LIMIT, check=False
        )
        return json.loads(done.stdout)["dependencies"], done.stderr
    except subprocess.TimeoutExpired:
        return [], f"no answer within {LIMIT} s"
    except ValueError:
        return [], done.stderr.strip()


def main(arguments: list[str]) -> int:
    packages, said = asked(arguments)
    known = [p for p in packages if "vulns" in p]  # the others have a skip_reason instead
    found = [(p, v) for p in known for v in p["vulns"]]
    for package, one in found:
        fixed = ", ".join(one["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {one['id']}, fixed in {fixed}")
    if not known:
        why = packages[0]["skip_reason"] if packages else said[-300:]
        print("NOT CHECKED: the advisory service could not be asked.", why)
    elif missing := [p["name"] for p in packages if p not in known]:
        print("Not checked, the service does not know them:", ", ".join(missing))
    print(f"{len(known)} packages checked, {len(found)} known vulnerabilities")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
