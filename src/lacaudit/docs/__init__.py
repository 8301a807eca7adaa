"""The documents that are made from the product itself, so that they cannot say otherwise.

`python -m lacaudit.docs` writes the rules' pages, the commands, the schema of rule files and the
table of rules in the README; with `--check` it leaves with 1 and names those not current.
"""
