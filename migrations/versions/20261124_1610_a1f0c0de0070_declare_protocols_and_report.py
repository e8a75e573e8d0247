"""declare what programmes follow and report from the field

Revision ID: a1f0c0de0070
Revises: a1f0c0de0010
Create Date: 2026-11-24 16:10:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0070'
down_revision = 'a1f0c0de0010'
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE TRIGGER field_report_sealed BEFORE UPDATE OF protocol_id, version_id, organisation_id, country, setting, from_quarter, to_quarter, started_band, fidelity, changes, barriers, barriers_text, incidents, recommendation, lang, created_by, created_at, sent_at ON field_report WHEN OLD.state IN ('accepted', 'withdrawn') BEGIN SELECT RAISE(ABORT, 'an accepted field report is immutable'); END",
    "CREATE TRIGGER field_report_kept BEFORE DELETE ON field_report BEGIN SELECT RAISE(ABORT, 'an accepted field report is immutable'); END",
    "CREATE TRIGGER programme_protocol_apart_insert AFTER INSERT ON programme_protocol WHEN EXISTS (SELECT 1 FROM programme_protocol o WHERE o.programme_id = NEW.programme_id AND o.modality = NEW.modality AND o.id <> NEW.id AND o.state <> 'refused' AND NEW.from_quarter <= COALESCE(o.to_quarter, '9999Q4') AND o.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4') AND o.from_quarter <= COALESCE(o.to_quarter, '9999Q4') AND NEW.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4')) AND NEW.state <> 'refused' BEGIN SELECT RAISE(ABORT, 'declarations of a modality overlap'); END",
    "CREATE TRIGGER programme_protocol_apart_update AFTER UPDATE OF from_quarter, to_quarter, state, modality, programme_id ON programme_protocol WHEN EXISTS (SELECT 1 FROM programme_protocol o WHERE o.programme_id = NEW.programme_id AND o.modality = NEW.modality AND o.id <> NEW.id AND o.state <> 'refused' AND NEW.from_quarter <= COALESCE(o.to_quarter, '9999Q4') AND o.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4') AND o.from_quarter <= COALESCE(o.to_quarter, '9999Q4') AND NEW.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4')) AND NEW.state <> 'refused' BEGIN SELECT RAISE(ABORT, 'declarations of a modality overlap'); END",
    "CREATE TRIGGER programme_protocol_sealed BEFORE UPDATE OF programme_id, protocol_id, version_id, modality, from_quarter, sections, local_changes, lang, declared_by, declared_at ON programme_protocol WHEN OLD.state <> 'declared' BEGIN SELECT RAISE(ABORT, 'a confirmed declaration is immutable'); END",
    "CREATE TRIGGER programme_protocol_end_once BEFORE UPDATE OF to_quarter ON programme_protocol WHEN OLD.to_quarter IS NOT NULL AND NEW.to_quarter IS DISTINCT FROM OLD.to_quarter BEGIN SELECT RAISE(ABORT, 'a confirmed declaration is immutable'); END",
    "CREATE TRIGGER programme_protocol_kept BEFORE DELETE ON programme_protocol BEGIN SELECT RAISE(ABORT, 'a confirmed declaration is immutable'); END",
    "CREATE TRIGGER fidelity_check_no_update BEFORE UPDATE ON fidelity_check BEGIN SELECT RAISE(ABORT, 'fidelity_check is immutable'); END",
    "CREATE TRIGGER fidelity_check_no_delete BEFORE DELETE ON fidelity_check BEGIN SELECT RAISE(ABORT, 'fidelity_check is immutable'); END",
    "CREATE TRIGGER follow_answer_no_update BEFORE UPDATE ON follow_answer BEGIN SELECT RAISE(ABORT, 'follow_answer is immutable'); END",
    "CREATE TRIGGER follow_answer_no_delete BEFORE DELETE ON follow_answer BEGIN SELECT RAISE(ABORT, 'follow_answer is immutable'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION field_report_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'an accepted field report is immutable' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF OLD.state IN ('accepted', 'withdrawn') AND (NEW.protocol_id::text IS DISTINCT FROM OLD.protocol_id::text OR NEW.version_id::text IS DISTINCT FROM OLD.version_id::text OR NEW.organisation_id::text IS DISTINCT FROM OLD.organisation_id::text OR NEW.country::text IS DISTINCT FROM OLD.country::text OR NEW.setting::text IS DISTINCT FROM OLD.setting::text OR NEW.from_quarter::text IS DISTINCT FROM OLD.from_quarter::text OR NEW.to_quarter::text IS DISTINCT FROM OLD.to_quarter::text OR NEW.started_band::text IS DISTINCT FROM OLD.started_band::text OR NEW.fidelity::text IS DISTINCT FROM OLD.fidelity::text OR NEW.changes::text IS DISTINCT FROM OLD.changes::text OR NEW.barriers::text IS DISTINCT FROM OLD.barriers::text OR NEW.barriers_text::text IS DISTINCT FROM OLD.barriers_text::text OR NEW.incidents::text IS DISTINCT FROM OLD.incidents::text OR NEW.recommendation::text IS DISTINCT FROM OLD.recommendation::text OR NEW.lang::text IS DISTINCT FROM OLD.lang::text OR NEW.created_by::text IS DISTINCT FROM OLD.created_by::text OR NEW.created_at::text IS DISTINCT FROM OLD.created_at::text OR NEW.sent_at::text IS DISTINCT FROM OLD.sent_at::text) THEN RAISE EXCEPTION 'an accepted field report is immutable' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    'CREATE TRIGGER field_report_guard BEFORE UPDATE OR DELETE ON field_report FOR EACH ROW EXECUTE FUNCTION field_report_guard()',
    "CREATE OR REPLACE FUNCTION programme_protocol_guard() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TG_OP = 'DELETE' THEN RAISE EXCEPTION 'a confirmed declaration is immutable' USING ERRCODE = 'integrity_constraint_violation'; END IF; PERFORM pg_advisory_xact_lock(hashtext('programme_protocol'), NEW.programme_id); IF TG_OP = 'UPDATE' THEN IF (OLD.state <> 'declared' AND (NEW.programme_id::text IS DISTINCT FROM OLD.programme_id::text OR NEW.protocol_id::text IS DISTINCT FROM OLD.protocol_id::text OR NEW.version_id::text IS DISTINCT FROM OLD.version_id::text OR NEW.modality::text IS DISTINCT FROM OLD.modality::text OR NEW.from_quarter::text IS DISTINCT FROM OLD.from_quarter::text OR NEW.sections::text IS DISTINCT FROM OLD.sections::text OR NEW.local_changes::text IS DISTINCT FROM OLD.local_changes::text OR NEW.lang::text IS DISTINCT FROM OLD.lang::text OR NEW.declared_by::text IS DISTINCT FROM OLD.declared_by::text OR NEW.declared_at::text IS DISTINCT FROM OLD.declared_at::text)) OR (OLD.to_quarter IS NOT NULL AND NEW.to_quarter IS DISTINCT FROM OLD.to_quarter) THEN RAISE EXCEPTION 'a confirmed declaration is immutable' USING ERRCODE = 'integrity_constraint_violation'; END IF; END IF; IF EXISTS (SELECT 1 FROM programme_protocol o WHERE o.programme_id = NEW.programme_id AND o.modality = NEW.modality AND o.id <> NEW.id AND o.state <> 'refused' AND NEW.from_quarter <= COALESCE(o.to_quarter, '9999Q4') AND o.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4') AND o.from_quarter <= COALESCE(o.to_quarter, '9999Q4') AND NEW.from_quarter <= COALESCE(NEW.to_quarter, '9999Q4')) AND NEW.state <> 'refused' THEN RAISE EXCEPTION 'declarations of a modality overlap' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    'CREATE TRIGGER programme_protocol_guard BEFORE INSERT OR UPDATE OR DELETE ON programme_protocol FOR EACH ROW EXECUTE FUNCTION programme_protocol_guard()',
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
    'CREATE TRIGGER fidelity_check_no_update BEFORE UPDATE ON fidelity_check FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER fidelity_check_no_delete BEFORE DELETE ON fidelity_check FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER follow_answer_no_update BEFORE UPDATE ON follow_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER follow_answer_no_delete BEFORE DELETE ON follow_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()',
)


def upgrade() -> None:
    op.create_table('field_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('setting', sa.String(length=60), nullable=True),
    sa.Column('from_quarter', sa.String(length=6), nullable=False),
    sa.Column('to_quarter', sa.String(length=6), nullable=False),
    sa.Column('started_band', sa.String(length=8), nullable=False),
    sa.Column('fidelity', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False),
    sa.Column('barriers', sa.JSON(), nullable=False),
    sa.Column('barriers_text', sa.Text(), nullable=False),
    sa.Column('incidents', sa.JSON(), nullable=False),
    sa.Column('recommendation', sa.String(length=20), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.CheckConstraint("recommendation IN ('adopt', 'adopt_with_changes', 'do_not_adopt')", name=op.f('ck_field_report_recommendation_known')),
    sa.CheckConstraint("started_band IN ('1-4', '5-9', '10-49', '50-199', '200+')", name=op.f('ck_field_report_started_band_known')),
    sa.CheckConstraint("state IN ('draft', 'held', 'accepted', 'returned', 'withdrawn')", name=op.f('ck_field_report_state_known')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_field_report_decided_at_with_decided_by')),
    sa.CheckConstraint('from_quarter <= to_quarter', name=op.f('ck_field_report_period')),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_field_report_created_by_user')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_field_report_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_field_report_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['setting'], ['concept.id'], name=op.f('fk_field_report_setting_concept')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_field_report_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_report'))
    )
    op.create_index(op.f('ix_field_report_created_by'), 'field_report', ['created_by'], unique=False)
    op.create_index(op.f('ix_field_report_organisation_id'), 'field_report', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_field_report_protocol_id_state'), 'field_report', ['protocol_id', 'state'], unique=False)
    op.create_index(op.f('ix_field_report_version_id_state'), 'field_report', ['version_id', 'state'], unique=False)
    op.create_index('uq_field_report_once', 'field_report', ['organisation_id', 'version_id', 'from_quarter', 'to_quarter'], unique=True, sqlite_where=sa.text("state <> 'withdrawn'"), postgresql_where=sa.text("state <> 'withdrawn'"))
    op.create_table('programme_protocol',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('modality', sa.String(length=3), nullable=False),
    sa.Column('from_quarter', sa.String(length=6), nullable=False),
    sa.Column('to_quarter', sa.String(length=6), nullable=True),
    sa.Column('sections', sa.JSON(), nullable=False),
    sa.Column('local_changes', sa.JSON(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('declared_by', sa.Integer(), nullable=False),
    sa.Column('declared_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('reason_code', sa.String(length=20), nullable=False),
    sa.Column('reason_text', sa.Text(), nullable=False),
    sa.Column('end_reason', sa.String(length=20), nullable=False),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('answer_due_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(to_quarter IS NULL) = (end_reason = '')", name=op.f('ck_programme_protocol_end_with_reason')),
    sa.CheckConstraint("state IN ('declared', 'confirmed', 'questioned', 'ended', 'refused')", name=op.f('ck_programme_protocol_state_known')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_programme_protocol_decided_at_with_decided_by')),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_by IS NULL)', name=op.f('ck_programme_protocol_ended_at_with_ended_by')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_protocol_programme_id_programme')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_programme_protocol_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_programme_protocol_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_protocol'))
    )
    op.create_index(op.f('ix_programme_protocol_programme_id'), 'programme_protocol', ['programme_id'], unique=False)
    op.create_index(op.f('ix_programme_protocol_protocol_id_state'), 'programme_protocol', ['protocol_id', 'state'], unique=False)
    op.create_index(op.f('ix_programme_protocol_version_id_state'), 'programme_protocol', ['version_id', 'state'], unique=False)
    op.create_index('uq_programme_protocol_open', 'programme_protocol', ['programme_id', 'modality'], unique=True, sqlite_where=sa.text("to_quarter IS NULL AND state <> 'refused'"), postgresql_where=sa.text("to_quarter IS NULL AND state <> 'refused'"))
    op.create_table('fidelity_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('declaration_id', sa.Integer(), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('checked_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['declaration_id'], ['programme_protocol.id'], name=op.f('fk_fidelity_check_declaration_id_programme_protocol')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fidelity_check'))
    )
    op.create_index(op.f('ix_fidelity_check_declaration_id'), 'fidelity_check', ['declaration_id'], unique=False)
    op.create_table('follow_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('declaration_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(length=5), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("answer IN ('move', 'stay', 'later')", name=op.f('ck_follow_answer_answer_known')),
    sa.ForeignKeyConstraint(['declaration_id'], ['programme_protocol.id'], name=op.f('fk_follow_answer_declaration_id_programme_protocol')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_follow_answer_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_follow_answer'))
    )
    op.create_index(op.f('ix_follow_answer_declaration_id'), 'follow_answer', ['declaration_id'], unique=False)
    for statement in SQLITE if op.get_bind().dialect.name == 'sqlite' else POSTGRESQL:
        op.execute(sa.text(statement.replace(':', '\\:')))


def downgrade() -> None:
    op.drop_index('ix_follow_answer_declaration_id', table_name='follow_answer')
    op.drop_table('follow_answer')
    op.drop_index('ix_fidelity_check_declaration_id', table_name='fidelity_check')
    op.drop_table('fidelity_check')
    op.drop_index('ix_programme_protocol_programme_id', table_name='programme_protocol')
    op.drop_index('ix_programme_protocol_protocol_id_state', table_name='programme_protocol')
    op.drop_index('ix_programme_protocol_version_id_state', table_name='programme_protocol')
    op.drop_index('uq_programme_protocol_open', table_name='programme_protocol')
    op.drop_table('programme_protocol')
    op.drop_index('ix_field_report_created_by', table_name='field_report')
    op.drop_index('ix_field_report_organisation_id', table_name='field_report')
    op.drop_index('ix_field_report_protocol_id_state', table_name='field_report')
    op.drop_index('ix_field_report_version_id_state', table_name='field_report')
    op.drop_index('uq_field_report_once', table_name='field_report')
    op.drop_table('field_report')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION IF EXISTS field_report_guard()')
        op.execute('DROP FUNCTION IF EXISTS programme_protocol_guard()')
