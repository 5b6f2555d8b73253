"""`python -m esep.cli`, which `bin/esep` calls."""

from esep.cli.main import main

main(prog_name="esep")
