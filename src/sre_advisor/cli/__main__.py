"""`python -m sre_advisor.cli`."""

from sre_advisor.cli import main

main()
