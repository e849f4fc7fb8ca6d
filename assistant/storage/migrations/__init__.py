"""How the tables changed over the releases, for Alembic; a released revision is never edited."""
