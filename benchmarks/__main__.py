"""`python -m benchmarks NAME ...` runs one. Like the server's, a main module of this name is not imported again by the
children it starts, so what they weigh is their own work."""

import importlib
import sys

if __name__ == "__main__":
    importlib.import_module(f"benchmarks.{sys.argv.pop(1)}").main()
