"""The words of the product: outcomes, limits, tables, issues, errors. Imports nothing of ours."""
