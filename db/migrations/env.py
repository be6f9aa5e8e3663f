"""What Alembic runs for every command: see `db.migrations.alembic_config`, which hands over connection and options."""

from __future__ import annotations

from alembic import context

attributes = context.config.attributes
context.configure(connection=attributes["connection"], **attributes["options"])
context.run_migrations()
