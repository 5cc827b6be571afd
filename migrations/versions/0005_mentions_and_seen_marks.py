"""Add mentions and marks of what somebody has seen."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("song_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("guest_id", sa.Uuid(), nullable=True),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("beyond", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("(person_id IS NULL) <> (guest_id IS NULL)", name=op.f("ck_seen_mark_one_reader")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_seen_mark_guest_id_guest")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_seen_mark_person_id_person")),
        sa.ForeignKeyConstraint(["song_id"], ["song.id"], name=op.f("fk_seen_mark_song_id_song")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen_mark")),
        sa.UniqueConstraint("song_id", "guest_id", name=op.f("uq_seen_mark_song_id_guest_id")),
        sa.UniqueConstraint("song_id", "person_id", name=op.f("uq_seen_mark_song_id_person_id")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("mentions", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("seq", sa.Integer(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_column("seq")
        batch_op.drop_column("mentions")

    op.drop_table("seen_mark")
