"""The built-in layouts, as they are listed."""

from lacaudit.extracts import Layout, layouts
from lacaudit.model.errors import UserError, nearest


def layouts_of(name: str | None) -> list[Layout]:
    """Return every layout, or the one named.

    Args:
        name: A layout's name; None for all.

    Raises:
        UserError: If no layout has the name.
    """
    known = list(layouts())
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
