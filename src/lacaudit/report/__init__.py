"""Writers of what an audit found, and the words they share."""
