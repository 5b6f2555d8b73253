"""Is one part of Airflow alive? Asks the API server's health page: `healthy.py PART URL`, exit code 0 or 1.

PART is a name on that page (metadatabase, scheduler, triggerer, dag_processor). Takes 0.1 s; `airflow jobs check`
would take several seconds of processor time at every check.
"""

import json
import sys
import urllib.request


def main(part: str, url: str) -> int:
    with urllib.request.urlopen(f"{url}/api/v2/monitor/health", timeout=10) as answer:  # noqa: S310 - from docker-compose.yaml
        parts = json.load(answer)
    status = (parts.get(part) or {}).get("status")
    print(f"{part}: {status}")
    return 0 if status == "healthy" else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
