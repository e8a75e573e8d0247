"""close programmes

Revision ID: a1f0c0de00b0
Revises: a1f0c0de00a0
Create Date: 2026-11-24 20:10:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de00b0'
down_revision = 'a1f0c0de00a0'
branch_labels = None
depends_on = None

TOGETHER = '(closed_on IS NULL) = (closed_by IS NULL)'


def upgrade() -> None:
    """Columns one by one: a table that is made anew would lose its triggers."""
    op.add_column('programme', sa.Column('closed_on', sa.Date(), nullable=True))
    name = op.f('ck_programme_closed_on_with_closed_by')
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f'ALTER TABLE programme ADD COLUMN closed_by INTEGER CONSTRAINT {name} CHECK ({TOGETHER})')
        return
    op.add_column('programme', sa.Column('closed_by', sa.Integer(), nullable=True))
    op.create_check_constraint(name, 'programme', TOGETHER)


def downgrade() -> None:
    op.drop_column('programme', 'closed_by')
    op.drop_column('programme', 'closed_on')
