"""python -m lacaudit, and the lacaudit command."""

from lacaudit.cli.main import main

if __name__ == "__main__":
    main()
