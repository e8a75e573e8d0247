"""date the proposed second factor

Revision ID: a1f0c0de0002
Revises: a1f0c0de0001
Create Date: 2026-11-24 13:30:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0002'
down_revision = 'a1f0c0de0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('user', sa.Column('totp_pending_at', sa.DateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column('user', 'totp_pending_at')
