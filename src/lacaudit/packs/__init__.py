"""Rule packs: what a rule file may say, and how it is read. Imports no data library."""
