"""Runs a bundle as Lambda does: `lambda_alone.py CLIENT HANDLER`, with the bundle as the folder.

Python was started without any other way to modules, so whatever is imported is in the bundle, in
Python, or in the client, which comes last.
"""

import os
import sys


def main() -> None:
    client, handler = sys.argv[1:]
    sys.path[:] = [os.getcwd(), *sys.path, client]
    from awslambdaric.__main__ import main as run  # noqa: PLC0415 - found only now

    run([sys.argv[0], handler])


main()
