"""change the vocabulary and keep searches

Revision ID: a1f0c0de00a0
Revises: a1f0c0de0090
Create Date: 2026-11-24 16:20:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de00a0'
down_revision = 'a1f0c0de0090'
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER vocabulary_change_no_update BEFORE UPDATE ON vocabulary_change BEGIN SELECT RAISE(ABORT, 'vocabulary_change is immutable'); END",
    "CREATE TRIGGER vocabulary_change_no_delete BEFORE DELETE ON vocabulary_change BEGIN SELECT RAISE(ABORT, 'vocabulary_change is immutable'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
    'CREATE TRIGGER vocabulary_change_no_update BEFORE UPDATE ON vocabulary_change FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER vocabulary_change_no_delete BEFORE DELETE ON vocabulary_change FOR EACH ROW EXECUTE FUNCTION refuse_change()',
)


def upgrade() -> None:
    op.create_table('search_query',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('text', sa.String(length=80), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_query')),
    sa.UniqueConstraint('day', 'lang', 'text', name=op.f('uq_search_query_day_lang_text'))
    )
    op.create_table('vocabulary_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('concept_id', sa.String(length=60), nullable=False),
    sa.Column('what', sa.String(length=16), nullable=False),
    sa.Column('lang', sa.String(length=3), nullable=False),
    sa.Column('before', sa.String(length=200), nullable=False),
    sa.Column('after', sa.String(length=200), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("what IN ('concept_added', 'label', 'synonym_added', 'synonym_removed', 'deprecated')", name=op.f('ck_vocabulary_change_what_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vocabulary_change'))
    )
    op.create_index(op.f('ix_vocabulary_change_concept_id'), 'vocabulary_change', ['concept_id'], unique=False)
    op.create_table('saved_search',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('filters', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('told_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_saved_search_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_search')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_saved_search_user_id_key'))
    )
    op.create_index(op.f('ix_saved_search_user_id'), 'saved_search', ['user_id'], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(sa.text(statement.replace(':', '\\:')))


def downgrade() -> None:
    op.drop_index('ix_saved_search_user_id', table_name='saved_search')
    op.drop_table('saved_search')
    op.drop_index('ix_vocabulary_change_concept_id', table_name='vocabulary_change')
    op.drop_table('vocabulary_change')
    op.drop_table('search_query')
