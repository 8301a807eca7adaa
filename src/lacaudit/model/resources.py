"""Where the data that ships with the product lies: rules, layouts and vocabulary."""

from pathlib import Path

_INSTALLED = Path(__file__).resolve().parents[1] / "data"
_CHECKOUT = Path(__file__).resolve().parents[3]


def data_folder(name: str) -> Path:
    """Return the folder of shipped data.

    Args:
        name: `rules`, `layouts` or `vocabulary`.

    Returns:
        The folder inside the installed package, or in a checkout the one at its root.
    """
    installed = _INSTALLED / name
    return installed if installed.is_dir() else _CHECKOUT / name
