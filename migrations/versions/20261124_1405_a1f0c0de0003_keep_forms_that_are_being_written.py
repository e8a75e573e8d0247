"""keep forms that are being written

Revision ID: a1f0c0de0003
Revises: a1f0c0de0002
Create Date: 2026-11-24 14:05:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0003'
down_revision = 'a1f0c0de0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kept_form',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=80), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_kept_form_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_form')),
    sa.UniqueConstraint('user_id', 'place', name=op.f('uq_kept_form_user_id_place'))
    )
    op.create_index(op.f('ix_kept_form_saved_at'), 'kept_form', ['saved_at'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_kept_form_saved_at'), table_name='kept_form')
    op.drop_table('kept_form')
