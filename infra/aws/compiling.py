"""Compiles modules for a bundle: `compiling.py < LIST`, as a process of its own.

A process of its own, without Python's own start files, because the bytes of compiled code depend
a little on what else the interpreter holds. A line of the list is a JSON list: where the source is,
where the compiled code goes, and the name by which an error will call the module.

The code says that it is not to be held against its source when it is loaded (PEP 552). In the
cloud nothing but a deployment changes either.
"""

import json
import sys
from py_compile import PycInvalidationMode, compile


def main() -> None:
    """Compile everything on the list, in its order; an error in a source ends it."""
    for line in sys.stdin:
        source, target, name = json.loads(line)
        compile(
            source,
            cfile=target,
            dfile=name,
            doraise=True,
            invalidation_mode=PycInvalidationMode.UNCHECKED_HASH,
        )


if __name__ == "__main__":
    main()
