"""The committed document of the REST interface, held to the OpenAPI 3.1 specification by a validator that knows nothing of us.

Closes on "openapi: N passed, N failed".
"""

import copy
import json
import sys
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

DOCUMENT = Path(__file__).parent.parent.parent / "openapi" / "v1.json"


def faults(document):
    try:
        return [f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message[:300]}"
                for error in OpenAPIV31SpecValidator(document).iter_errors()]
    except Exception as error:  # a reference that leads nowhere stops the validator
        return [f"{type(error).__name__}: {str(error)[:300]}"]


def valid(document):
    """The document is valid."""
    return faults(document)


def broken(document):
    """A document without one of its answers, or with a reference that leads nowhere, is refused."""
    path = next(path for path, item in document["paths"].items() if "security" in item.get("get", {}))
    said = []
    without = copy.deepcopy(document)
    del without["paths"][path]["get"]["responses"]["401"]["$ref"]
    if not faults(without):
        said.append("an answer without a description passes")
    astray = copy.deepcopy(document)
    astray["paths"][path]["get"]["responses"]["401"]["$ref"] = "#/components/responses/NullePart"
    if not faults(astray):
        said.append("a reference that leads nowhere passes")
    return said


def main():
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    passed = failed = 0
    for check in (valid, broken):
        said = check(document)
        passed, failed = (passed, failed + 1) if said else (passed + 1, failed)
        print(f"{'FAIL' if said else 'ok'}  {check.__doc__}")
        for line in said:
            print(f"      {line}")
    print(f"openapi: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
