"""The layouts that files are recognised by, as they are listed."""

from collections.abc import Sequence

from lacaudit.extracts import Layout, layouts
from lacaudit.model.errors import UserError, nearest


def layouts_of(name: str | None, own: Sequence[Layout] = ()) -> list[Layout]:
    """Return every layout, or the one named.

    Args:
        name: A layout's name; None for all.
        own: Layouts of the configuration, which come first.

    Raises:
        UserError: If no layout has the name.
    """
    known = [*own, *layouts()]
    if name is None:
        return known
    found = [one for one in known if one.layout == name]
    if not found:
        names = [one.layout for one in known]
        raise UserError(
            f"there is no layout '{name}'",
            hint=nearest(name, names) or f"Layouts are {', '.join(names)}.",
        )
    return found
