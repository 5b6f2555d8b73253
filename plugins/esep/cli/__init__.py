"""The command line: `bin/esep`."""
