"""Run inside a bundle, with Python's own library and nothing else: `alone.py BUNDLE < EVENTS`.

Every event on standard input is put to the door, as the cloud would; the answers go to standard
output with the names of all modules that were loaded and where they came from.
"""

import json
import sys


def main() -> None:
    bundle = sys.argv[1]
    sys.path.insert(0, bundle)
    import app  # noqa: PLC0415 - the bundle's own, found only now

    answers = [app.app(event, None) for event in json.load(sys.stdin)]
    del sys.modules["__main__"]
    loaded = {n: getattr(m, "__file__", None) or "" for n, m in sys.modules.items()}
    print(json.dumps({"answers": answers, "loaded": loaded}))


main()
