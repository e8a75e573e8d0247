"""warn early

Revision ID: a1f0c0de0090
Revises: a1f0c0de0080
Create Date: 2026-11-24 16:50:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0090'
down_revision = 'a1f0c0de0080'
branch_labels = None
depends_on = None

SEALED = ('alert_version', 'alert_opinion', 'alert_signature')


def upgrade() -> None:
    op.create_table('alert',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=14), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('source_lang', sa.String(length=2), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('pending', sa.JSON(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('reporter_id', sa.Integer(), nullable=False),
    sa.Column('reported_at', sa.DateTime(), nullable=False),
    sa.Column('close_reason', sa.String(length=20), nullable=False),
    sa.Column('merged_into_id', sa.Integer(), nullable=True),
    sa.Column('issued_at', sa.DateTime(), nullable=True),
    sa.Column('updated_at', sa.DateTime(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.Column('second_due_at', sa.DateTime(), nullable=True),
    sa.Column('retracted_at', sa.DateTime(), nullable=True),
    sa.Column('retraction_reason', sa.String(length=20), nullable=True),
    sa.CheckConstraint("country IN ('IR', 'RU')", name=op.f('ck_alert_country_known')),
    sa.CheckConstraint("level IN ('', 'information', 'advisory', 'alert')", name=op.f('ck_alert_level_known')),
    sa.CheckConstraint("state IN ('signal', 'asked', 'assessment', 'issued', 'expired', 'retracted', 'closed', 'merged')", name=op.f('ck_alert_state_known')),
    sa.CheckConstraint('(issued_at IS NULL) = (valid_until IS NULL)', name=op.f('ck_alert_issued_at_with_valid_until')),
    sa.CheckConstraint('(retracted_at IS NULL) = (retraction_reason IS NULL)', name=op.f('ck_alert_retracted_at_with_retraction_reason')),
    sa.ForeignKeyConstraint(['merged_into_id'], ['alert.id'], name=op.f('fk_alert_merged_into_id_alert')),
    sa.ForeignKeyConstraint(['reporter_id'], ['user.id'], name=op.f('fk_alert_reporter_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert')),
    sa.UniqueConstraint('public_id', name=op.f('uq_alert_public_id'))
    )
    op.create_index(op.f('ix_alert_reporter_id'), 'alert', ['reporter_id'], unique=False)
    op.create_index(op.f('ix_alert_state_country'), 'alert', ['state', 'country'], unique=False)
    op.create_table('alert_opinion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_id', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('judge_id', sa.Integer(), nullable=False),
    sa.Column('seat', sa.String(length=14), nullable=False),
    sa.Column('severity', sa.Integer(), nullable=False),
    sa.Column('likelihood', sa.Integer(), nullable=False),
    sa.Column('certainty', sa.String(length=1), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("certainty IN ('A', 'B', 'C', 'D')", name=op.f('ck_alert_opinion_certainty_known')),
    sa.CheckConstraint("seat IN ('clinician', 'toxicologist', 'other_country')", name=op.f('ck_alert_opinion_seat_known')),
    sa.CheckConstraint('likelihood BETWEEN 1 AND 3', name=op.f('ck_alert_opinion_likelihood')),
    sa.CheckConstraint('severity BETWEEN 1 AND 3', name=op.f('ck_alert_opinion_severity')),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_opinion_alert_id_alert')),
    sa.ForeignKeyConstraint(['judge_id'], ['user.id'], name=op.f('fk_alert_opinion_judge_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_opinion')),
    sa.UniqueConstraint('alert_id', 'content_hash', 'judge_id', name=op.f('uq_alert_opinion_alert_id_content_hash_judge_id'))
    )
    op.create_table('alert_signature',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_id', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('part', sa.String(length=8), nullable=False),
    sa.Column('signer_id', sa.Integer(), nullable=False),
    sa.Column('signed_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("part IN ('editor', 'panel')", name=op.f('ck_alert_signature_part_known')),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_signature_alert_id_alert')),
    sa.ForeignKeyConstraint(['signer_id'], ['user.id'], name=op.f('fk_alert_signature_signer_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_signature')),
    sa.UniqueConstraint('alert_id', 'content_hash', 'part', name=op.f('uq_alert_signature_alert_id_content_hash_part'))
    )
    op.create_table('alert_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_id', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=10), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('source_hash', sa.String(length=64), nullable=False),
    sa.Column('translated_by', sa.Integer(), nullable=False),
    sa.Column('translated_at', sa.DateTime(), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("field IN ('message', 'unknown', 'advice')", name=op.f('ck_alert_text_field_known')),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_alert_text_lang_known')),
    sa.CheckConstraint('(approved_at IS NULL) = (approved_by IS NULL)', name=op.f('ck_alert_text_approved_at_with_approved_by')),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_text_alert_id_alert')),
    sa.ForeignKeyConstraint(['translated_by'], ['user.id'], name=op.f('fk_alert_text_translated_by_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_text')),
    sa.UniqueConstraint('alert_id', 'field', 'lang', name=op.f('uq_alert_text_alert_id_field_lang'))
    )
    op.create_table('alert_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('alert_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=12), nullable=False),
    sa.Column('record', sa.JSON(), nullable=False),
    sa.Column('certainty', sa.String(length=1), nullable=False),
    sa.Column('issued_at', sa.DateTime(), nullable=False),
    sa.Column('issued_by', sa.Integer(), nullable=False),
    sa.CheckConstraint("level IN ('information', 'advisory', 'alert')", name=op.f('ck_alert_version_level_known')),
    sa.ForeignKeyConstraint(['alert_id'], ['alert.id'], name=op.f('fk_alert_version_alert_id_alert')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_alert_version')),
    sa.UniqueConstraint('alert_id', 'number', name=op.f('uq_alert_version_alert_id_number'))
    )

    for table in SEALED:
        _seal(table)


def _seal(table: str) -> None:
    """A row of this table is never changed and never removed."""
    if op.get_bind().dialect.name == 'sqlite':
        for verb in ('UPDATE', 'DELETE'):
            op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                       f" BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END")
        return
    op.execute("CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
               " $$ BEGIN RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$")
    for verb in ('UPDATE', 'DELETE'):
        op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                   " FOR EACH ROW EXECUTE FUNCTION refuse_change()")


def downgrade() -> None:
    op.drop_table('alert_version')
    op.drop_table('alert_text')
    op.drop_table('alert_signature')
    op.drop_table('alert_opinion')
    op.drop_index(op.f('ix_alert_state_country'), table_name='alert')
    op.drop_index(op.f('ix_alert_reporter_id'), table_name='alert')
    op.drop_table('alert')
