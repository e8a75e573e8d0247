"""Mark the withdrawn, so that a restore of an older backup recognises them

Revision ID: a1f0c0de00f0
Revises: a1f0c0de00e0
Create Date: 2026-11-24 22:30:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de00f0'
down_revision = 'a1f0c0de00e0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Made anew: nobody could withdraw before this revision, so the table is empty."""
    op.drop_table('tombstone')
    op.create_table(
        'tombstone',
        sa.Column('programme_code', sa.String(length=8), nullable=False),
        sa.Column('t', sa.LargeBinary(length=32), nullable=False),
        sa.Column('mark', sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint('programme_code', 't', name=op.f('pk_tombstone')),
    )


def downgrade() -> None:
    op.drop_column('tombstone', 'mark')
