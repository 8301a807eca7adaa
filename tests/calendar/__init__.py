# ruff: noqa: A005 the folder is named after the module it tests
