"""judge translations by complaint, comment and second review

Revision ID: a1f0c0de0030
Revises: a1f0c0de0020
Create Date: 2026-11-24 16:30:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0030'
down_revision = 'a1f0c0de0020'
branch_labels = None
depends_on = None


SQLITE = (
    "CREATE TRIGGER source_change_no_update BEFORE UPDATE ON source_change BEGIN SELECT RAISE(ABORT, 'source_change is immutable'); END",
    "CREATE TRIGGER source_change_no_delete BEFORE DELETE ON source_change BEGIN SELECT RAISE(ABORT, 'source_change is immutable'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER source_change_no_update BEFORE UPDATE ON source_change FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER source_change_no_delete BEFORE DELETE ON source_change FOR EACH ROW EXECUTE FUNCTION refuse_change()",
)


def upgrade() -> None:
    op.create_table('unit_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('unit_key', sa.String(length=36), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('quote', sa.String(length=300), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('settled_by', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_unit_comment_lang_known')),
    sa.CheckConstraint('(settled_at IS NULL) = (settled_by IS NULL)', name=op.f('ck_unit_comment_settled_at_with_settled_by')),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_unit_comment_created_by_user')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_unit_comment_protocol_id_protocol')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_comment'))
    )
    op.create_index(op.f('ix_unit_comment_protocol_id_lang'), 'unit_comment', ['protocol_id', 'lang'], unique=False)
    op.create_table('joint_release',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_joint_release_lang_known')),
    sa.ForeignKeyConstraint(['decided_by'], ['user.id'], name=op.f('fk_joint_release_decided_by_user')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_joint_release_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_joint_release')),
    sa.UniqueConstraint('version_id', 'lang', name=op.f('uq_joint_release_version_id_lang'))
    )
    op.create_table('source_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('unit_keys', sa.JSON(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('stale_editorial', 'stale_clinical')", name=op.f('ck_source_change_kind_known')),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_source_change_lang_known')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_source_change_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_change')),
    sa.UniqueConstraint('version_id', 'lang', name=op.f('uq_source_change_version_id_lang'))
    )
    op.create_index(op.f('ix_source_change_lang_created_at'), 'source_change', ['lang', 'created_at'], unique=False)
    op.create_table('unit_complaint',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('unit_key', sa.String(length=36), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_unit_complaint_lang_known')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'dismissed')", name=op.f('ck_unit_complaint_state_known')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_unit_complaint_decided_at_with_decided_by')),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_unit_complaint_created_by_user')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_unit_complaint_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['unit_id'], ['translation_unit.id'], name=op.f('fk_unit_complaint_unit_id_translation_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_complaint'))
    )
    op.create_index(op.f('ix_unit_complaint_protocol_id_lang_state'), 'unit_complaint', ['protocol_id', 'lang', 'state'], unique=False)
    op.create_index('uq_unit_complaint_open', 'unit_complaint', ['unit_id', 'created_by'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_table('unit_sample',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('month', sa.String(length=7), nullable=False),
    sa.Column('unit_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('drawn_at', sa.DateTime(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('judged_by', sa.Integer(), nullable=True),
    sa.Column('judged_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("(verdict = '') = (judged_by IS NULL)", name=op.f('ck_unit_sample_judged_by_somebody')),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_unit_sample_lang_known')),
    sa.CheckConstraint("verdict IN ('', 'right', 'minor', 'wrong')", name=op.f('ck_unit_sample_verdict_known')),
    sa.CheckConstraint('(judged_at IS NULL) = (judged_by IS NULL)', name=op.f('ck_unit_sample_judged_at_with_judged_by')),
    sa.ForeignKeyConstraint(['unit_id'], ['translation_unit.id'], name=op.f('fk_unit_sample_unit_id_translation_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_sample')),
    sa.UniqueConstraint('month', 'unit_id', name=op.f('uq_unit_sample_month_unit_id'))
    )
    op.create_index(op.f('ix_unit_sample_lang_month'), 'unit_sample', ['lang', 'month'], unique=False)
    op.add_column('translation_publication', sa.Column('withdrawn', sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column('translation_publication', sa.Column('reason', sa.Text(), server_default='', nullable=False))
    op.add_column('translation_unit', sa.Column('reopened', sa.Boolean(), server_default=sa.false(), nullable=False))
    for text in {'sqlite': SQLITE, 'postgresql': POSTGRESQL}[op.get_bind().dialect.name]:
        op.execute(text)


def downgrade() -> None:
    op.drop_column('translation_unit', 'reopened')
    op.drop_column('translation_publication', 'reason')
    op.drop_column('translation_publication', 'withdrawn')
    op.drop_index(op.f('ix_unit_sample_lang_month'), table_name='unit_sample')
    op.drop_table('unit_sample')
    op.drop_index('uq_unit_complaint_open', table_name='unit_complaint', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_unit_complaint_protocol_id_lang_state'), table_name='unit_complaint')
    op.drop_table('unit_complaint')
    op.drop_index(op.f('ix_source_change_lang_created_at'), table_name='source_change')
    op.drop_table('source_change')
    op.drop_table('joint_release')
    op.drop_index(op.f('ix_unit_comment_protocol_id_lang'), table_name='unit_comment')
    op.drop_table('unit_comment')
