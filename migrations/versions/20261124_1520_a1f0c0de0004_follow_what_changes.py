"""follow what changes

Revision ID: a1f0c0de0004
Revises: a1f0c0de0003
Create Date: 2026-11-24 15:20:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0004'
down_revision = 'a1f0c0de0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('subscription',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('target', sa.String(length=60), nullable=False),
    sa.Column('rhythm', sa.String(length=8), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('protocol', 'concept', 'country', 'language', 'thread', 'collection', 'alerts')", name=op.f('ck_subscription_kind')),
    sa.CheckConstraint("rhythm IN ('at_once', 'daily', 'weekly')", name=op.f('ck_subscription_rhythm')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_subscription_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription')),
    sa.UniqueConstraint('user_id', 'kind', 'target', name=op.f('uq_subscription_user_id_kind_target'))
    )
    op.create_index(op.f('ix_subscription_kind_target'), 'subscription', ['kind', 'target'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_subscription_kind_target'), table_name='subscription')
    op.drop_table('subscription')
