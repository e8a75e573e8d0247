"""keep every notice

Revision ID: a1f0c0de0080
Revises: a1f0c0de0030
Create Date: 2026-11-24 16:40:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0080'
down_revision = 'a1f0c0de0030'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('values', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('on_site', sa.Boolean(), nullable=False),
    sa.Column('read_at', sa.DateTime(), nullable=True),
    sa.Column('rhythm', sa.String(length=8), nullable=False),
    sa.Column('mail_state', sa.String(length=8), nullable=False),
    sa.Column('mailed_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("mail_state IN ('none', 'waiting', 'queued', 'sent', 'failed')", name=op.f('ck_notice_mail_state')),
    sa.CheckConstraint("rhythm IN ('at_once', 'daily', 'weekly', 'never')", name=op.f('ck_notice_rhythm')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_notice_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    unread, waiting = sa.text('read_at IS NULL AND on_site'), sa.text("mail_state = 'waiting'")
    op.create_index('ix_notice_unread', 'notice', ['user_id'], unique=False, sqlite_where=unread, postgresql_where=unread)
    op.create_index('ix_notice_waiting', 'notice', ['rhythm', 'user_id'], unique=False, sqlite_where=waiting, postgresql_where=waiting)
    op.create_index(op.f('ix_notice_user_id_id'), 'notice', ['user_id', 'id'], unique=False)
    op.create_table('notice_choice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('rhythm', sa.String(length=8), nullable=False),
    sa.Column('on_site', sa.Boolean(), nullable=False),
    sa.CheckConstraint("rhythm IN ('at_once', 'daily', 'weekly', 'never')", name=op.f('ck_notice_choice_rhythm')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_notice_choice_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_choice')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_notice_choice_user_id_key'))
    )


def downgrade() -> None:
    op.drop_table('notice_choice')
    op.drop_index(op.f('ix_notice_user_id_id'), table_name='notice')
    waiting = sa.text("mail_state = 'waiting'")
    op.drop_index('ix_notice_waiting', table_name='notice', sqlite_where=waiting, postgresql_where=waiting)
    unread = sa.text('read_at IS NULL AND on_site')
    op.drop_index('ix_notice_unread', table_name='notice', sqlite_where=unread, postgresql_where=unread)
    op.drop_table('notice')
