"""`python -m services.sandbox`: serves the sandbox of departments on this machine only."""

import argparse
import logging
import sys

from services.sandbox.server import LOOPBACK, create_sandbox, serve


def main(arguments: list[str] | None = None) -> int:
    """The command line; serves until it is interrupted."""
    parser = argparse.ArgumentParser(prog="python -m services.sandbox", description="Serve made-up departments.")
    parser.add_argument("--port", type=int, default=8001, help="default: %(default)s")
    parser.add_argument(
        "--bill-seconds",
        type=float,
        nargs=2,
        default=(10.0, 30.0),
        metavar=("LEAST", "MOST"),
        help="for fetching a bill",
    )
    parser.add_argument("--hang-seconds", type=float, default=60.0, help="for what hangs (default: %(default)s)")
    asked = parser.parse_args(arguments)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # its lines would hold whole queries
    server = serve(create_sandbox(bill_seconds=tuple(asked.bill_seconds), hang_seconds=asked.hang_seconds), asked.port)
    print(f"Sandbox of departments, every answer made up: http://{LOOPBACK}:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
