"""The journal's first shape: one append-only table of chained records."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the table of records."""
    op.create_table(
        "records",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("investigation", sa.Text, nullable=False),
        sa.Column("question", sa.Text),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("once", sa.Text),
        sa.Column("body", sa.Text),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("mac", sa.Text, nullable=False),
        sa.UniqueConstraint("once", name="records_once"),
    )
    op.create_index("records_by_investigation", "records", ["investigation", "seq"])
    op.create_index("records_by_kind", "records", ["kind", "seq"])
    op.create_index("records_by_day", "records", ["kind", "at"])


def downgrade() -> None:
    """Drop the table of records."""
    op.drop_table("records")
