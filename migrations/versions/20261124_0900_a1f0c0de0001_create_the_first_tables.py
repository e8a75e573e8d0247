"""create the first tables

Revision ID: a1f0c0de0001
Revises: 
Create Date: 2026-11-24 07:38:53.580204
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0001'
down_revision = None
branch_labels = None
depends_on = None


EVERYWHERE = (
    "INSERT INTO audit_head (id, seq, mac) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000')",
)
SQLITE = (
    "CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is immutable'); END",
    "CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN SELECT RAISE(ABORT, 'audit_event is immutable'); END",
    "CREATE TRIGGER edition_approval_no_update BEFORE UPDATE ON edition_approval BEGIN SELECT RAISE(ABORT, 'edition_approval is immutable'); END",
    "CREATE TRIGGER edition_approval_no_delete BEFORE DELETE ON edition_approval BEGIN SELECT RAISE(ABORT, 'edition_approval is immutable'); END",
    "\nCREATE TRIGGER person_edition_once BEFORE UPDATE OF edition ON person WHEN OLD.edition IS NOT NULL\nBEGIN SELECT RAISE(ABORT, 'person.edition is set once'); END\n",
    "CREATE TRIGGER edition_freeze_no_update BEFORE UPDATE ON edition_freeze BEGIN SELECT RAISE(ABORT, 'edition_freeze is immutable'); END",
    "CREATE TRIGGER edition_freeze_no_delete BEFORE DELETE ON edition_freeze BEGIN SELECT RAISE(ABORT, 'edition_freeze is immutable'); END",
    "CREATE TRIGGER programme_no_update BEFORE UPDATE OF code, country, synthetic ON programme BEGIN SELECT RAISE(ABORT, 'programme is immutable'); END",
    "CREATE TRIGGER programme_no_delete BEFORE DELETE ON programme BEGIN SELECT RAISE(ABORT, 'programme is immutable'); END",
    "CREATE TRIGGER edition_no_update BEFORE UPDATE ON edition BEGIN SELECT RAISE(ABORT, 'edition is immutable'); END",
    "CREATE TRIGGER edition_no_delete BEFORE DELETE ON edition BEGIN SELECT RAISE(ABORT, 'edition is immutable'); END",
    "CREATE TRIGGER legal_status_no_update BEFORE UPDATE ON legal_status BEGIN SELECT RAISE(ABORT, 'legal_status is immutable'); END",
    "CREATE TRIGGER legal_status_no_delete BEFORE DELETE ON legal_status BEGIN SELECT RAISE(ABORT, 'legal_status is immutable'); END",
    "CREATE TRIGGER protocol_version_sealed BEFORE UPDATE OF protocol_id, major, minor, change_type, title, summary, change_note, content_hash, licence, supersedes_id, evidence_searched_on, review_due_on, created_by, created_at, submitted_by, submitted_at, accepted_by, accepted_at, published_by, published_at, override_reason, override_by, exception_reason, exception_by ON protocol_version WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER protocol_version_not_back BEFORE UPDATE OF state ON protocol_version WHEN OLD.published_at IS NOT NULL AND NEW.state NOT IN ('published', 'under_concern', 'superseded', 'retired', 'withdrawn') BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER protocol_version_kept BEFORE DELETE ON protocol_version WHEN OLD.published_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER translation_unit_no_update BEFORE UPDATE ON translation_unit BEGIN SELECT RAISE(ABORT, 'translation_unit is immutable'); END",
    "CREATE TRIGGER translation_unit_no_delete BEFORE DELETE ON translation_unit BEGIN SELECT RAISE(ABORT, 'translation_unit is immutable'); END",
    "CREATE TRIGGER block_sealed_insert BEFORE INSERT ON block WHEN (SELECT published_at FROM protocol_version WHERE id = NEW.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER block_sealed_update BEFORE UPDATE ON block WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER block_sealed_delete BEFORE DELETE ON block WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER edition_ledger_no_update BEFORE UPDATE ON edition_ledger BEGIN SELECT RAISE(ABORT, 'edition_ledger is immutable'); END",
    "CREATE TRIGGER edition_ledger_no_delete BEFORE DELETE ON edition_ledger BEGIN SELECT RAISE(ABORT, 'edition_ledger is immutable'); END",
    "CREATE TRIGGER edition_programme_no_update BEFORE UPDATE ON edition_programme BEGIN SELECT RAISE(ABORT, 'edition_programme is immutable'); END",
    "CREATE TRIGGER edition_programme_no_delete BEFORE DELETE ON edition_programme BEGIN SELECT RAISE(ABORT, 'edition_programme is immutable'); END",
    "CREATE TRIGGER gate_verdict_no_update BEFORE UPDATE ON gate_verdict BEGIN SELECT RAISE(ABORT, 'gate_verdict is immutable'); END",
    "CREATE TRIGGER gate_verdict_no_delete BEFORE DELETE ON gate_verdict BEGIN SELECT RAISE(ABORT, 'gate_verdict is immutable'); END",
    "CREATE TRIGGER protocol_concept_sealed_insert BEFORE INSERT ON protocol_concept WHEN (SELECT published_at FROM protocol_version WHERE id = NEW.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER protocol_concept_sealed_update BEFORE UPDATE ON protocol_concept WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER protocol_concept_sealed_delete BEFORE DELETE ON protocol_concept WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER protocol_reference_sealed_insert BEFORE INSERT ON protocol_reference WHEN (SELECT published_at FROM protocol_version WHERE id = NEW.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER protocol_reference_sealed_update BEFORE UPDATE ON protocol_reference WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER protocol_reference_sealed_delete BEFORE DELETE ON protocol_reference WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    "CREATE TRIGGER publication_approval_no_update BEFORE UPDATE ON publication_approval BEGIN SELECT RAISE(ABORT, 'publication_approval is immutable'); END",
    "CREATE TRIGGER publication_approval_no_delete BEFORE DELETE ON publication_approval BEGIN SELECT RAISE(ABORT, 'publication_approval is immutable'); END",
    "CREATE TRIGGER released_cell_no_update BEFORE UPDATE ON released_cell BEGIN SELECT RAISE(ABORT, 'released_cell is immutable'); END",
    "CREATE TRIGGER released_cell_no_delete BEFORE DELETE ON released_cell BEGIN SELECT RAISE(ABORT, 'released_cell is immutable'); END",
    "CREATE TRIGGER released_result_no_update BEFORE UPDATE ON released_result BEGIN SELECT RAISE(ABORT, 'released_result is immutable'); END",
    "CREATE TRIGGER released_result_no_delete BEFORE DELETE ON released_result BEGIN SELECT RAISE(ABORT, 'released_result is immutable'); END",
    "CREATE TRIGGER translation_publication_no_update BEFORE UPDATE ON translation_publication BEGIN SELECT RAISE(ABORT, 'translation_publication is immutable'); END",
    "CREATE TRIGGER translation_publication_no_delete BEFORE DELETE ON translation_publication BEGIN SELECT RAISE(ABORT, 'translation_publication is immutable'); END",
    "CREATE TRIGGER review_no_update BEFORE UPDATE ON review BEGIN SELECT RAISE(ABORT, 'review is immutable'); END",
    "CREATE TRIGGER review_no_delete BEFORE DELETE ON review BEGIN SELECT RAISE(ABORT, 'review is immutable'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
    'CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_approval_no_update BEFORE UPDATE ON edition_approval FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_approval_no_delete BEFORE DELETE ON edition_approval FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    "\nCREATE FUNCTION refuse_second_edition() RETURNS trigger LANGUAGE plpgsql AS\n$$ BEGIN RAISE EXCEPTION 'person.edition is set once' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    'CREATE TRIGGER person_edition_once BEFORE UPDATE OF edition ON person FOR EACH ROW\nWHEN (OLD.edition IS NOT NULL) EXECUTE FUNCTION refuse_second_edition()\n',
    'CREATE TRIGGER edition_freeze_no_update BEFORE UPDATE ON edition_freeze FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_freeze_no_delete BEFORE DELETE ON edition_freeze FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER programme_no_update BEFORE UPDATE OF code, country, synthetic ON programme FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER programme_no_delete BEFORE DELETE ON programme FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_no_update BEFORE UPDATE ON edition FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_no_delete BEFORE DELETE ON edition FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER legal_status_no_update BEFORE UPDATE ON legal_status FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER legal_status_no_delete BEFORE DELETE ON legal_status FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    "CREATE OR REPLACE FUNCTION protocol_version_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.published_at IS NOT NULL AND (TG_OP = 'DELETE' OR NEW.state NOT IN ('published', 'under_concern', 'superseded', 'retired', 'withdrawn') OR NEW.protocol_id IS DISTINCT FROM OLD.protocol_id OR NEW.major IS DISTINCT FROM OLD.major OR NEW.minor IS DISTINCT FROM OLD.minor OR NEW.change_type IS DISTINCT FROM OLD.change_type OR NEW.title IS DISTINCT FROM OLD.title OR NEW.summary IS DISTINCT FROM OLD.summary OR NEW.change_note IS DISTINCT FROM OLD.change_note OR NEW.content_hash IS DISTINCT FROM OLD.content_hash OR NEW.licence IS DISTINCT FROM OLD.licence OR NEW.supersedes_id IS DISTINCT FROM OLD.supersedes_id OR NEW.evidence_searched_on IS DISTINCT FROM OLD.evidence_searched_on OR NEW.review_due_on IS DISTINCT FROM OLD.review_due_on OR NEW.created_by IS DISTINCT FROM OLD.created_by OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.submitted_by IS DISTINCT FROM OLD.submitted_by OR NEW.submitted_at IS DISTINCT FROM OLD.submitted_at OR NEW.accepted_by IS DISTINCT FROM OLD.accepted_by OR NEW.accepted_at IS DISTINCT FROM OLD.accepted_at OR NEW.published_by IS DISTINCT FROM OLD.published_by OR NEW.published_at IS DISTINCT FROM OLD.published_at OR NEW.override_reason IS DISTINCT FROM OLD.override_reason OR NEW.override_by IS DISTINCT FROM OLD.override_by OR NEW.exception_reason IS DISTINCT FROM OLD.exception_reason OR NEW.exception_by IS DISTINCT FROM OLD.exception_by) THEN RAISE EXCEPTION 'a published version is immutable' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    'CREATE TRIGGER protocol_version_sealed BEFORE UPDATE OR DELETE ON protocol_version FOR EACH ROW EXECUTE FUNCTION protocol_version_sealed()',
    'CREATE TRIGGER translation_unit_no_update BEFORE UPDATE ON translation_unit FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER translation_unit_no_delete BEFORE DELETE ON translation_unit FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    "CREATE OR REPLACE FUNCTION protocol_part_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE version bigint; BEGIN IF TG_OP = 'INSERT' THEN version := NEW.version_id; ELSE version := OLD.version_id; END IF; IF (SELECT published_at FROM protocol_version WHERE id = version) IS NOT NULL THEN RAISE EXCEPTION 'a published version is immutable' USING ERRCODE = 'integrity_constraint_violation'; END IF; IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$",
    'CREATE TRIGGER block_sealed BEFORE INSERT OR UPDATE OR DELETE ON block FOR EACH ROW EXECUTE FUNCTION protocol_part_sealed()',
    'CREATE TRIGGER edition_ledger_no_update BEFORE UPDATE ON edition_ledger FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_ledger_no_delete BEFORE DELETE ON edition_ledger FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_programme_no_update BEFORE UPDATE ON edition_programme FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER edition_programme_no_delete BEFORE DELETE ON edition_programme FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER gate_verdict_no_update BEFORE UPDATE ON gate_verdict FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER gate_verdict_no_delete BEFORE DELETE ON gate_verdict FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER protocol_concept_sealed BEFORE INSERT OR UPDATE OR DELETE ON protocol_concept FOR EACH ROW EXECUTE FUNCTION protocol_part_sealed()',
    'CREATE TRIGGER protocol_reference_sealed BEFORE INSERT OR UPDATE OR DELETE ON protocol_reference FOR EACH ROW EXECUTE FUNCTION protocol_part_sealed()',
    'CREATE TRIGGER publication_approval_no_update BEFORE UPDATE ON publication_approval FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER publication_approval_no_delete BEFORE DELETE ON publication_approval FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER released_cell_no_update BEFORE UPDATE ON released_cell FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER released_cell_no_delete BEFORE DELETE ON released_cell FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER released_result_no_update BEFORE UPDATE ON released_result FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER released_result_no_delete BEFORE DELETE ON released_result FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER translation_publication_no_update BEFORE UPDATE ON translation_publication FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER translation_publication_no_delete BEFORE DELETE ON translation_publication FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER review_no_update BEFORE UPDATE ON review FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER review_no_delete BEFORE DELETE ON review FOR EACH ROW EXECUTE FUNCTION refuse_change()',
)


def upgrade() -> None:
    op.create_table('audit_event',
    sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=False),
    sa.Column('acting_role', sa.String(length=30), nullable=False),
    sa.Column('event', sa.String(length=60), nullable=False),
    sa.Column('object_type', sa.String(length=40), nullable=False),
    sa.Column('object_id', sa.String(length=60), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('hash_before', sa.String(length=64), nullable=False),
    sa.Column('hash_after', sa.String(length=64), nullable=False),
    sa.Column('changes', sa.Text(), nullable=False),
    sa.Column('reason_code', sa.String(length=40), nullable=False),
    sa.Column('reason_text', sa.Text(), nullable=False),
    sa.Column('request_id', sa.String(length=32), nullable=False),
    sa.Column('mac', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_event'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_event_event'), ['event'], unique=False)

    op.create_table('audit_head',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('mac', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table('concept',
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('scheme', sa.String(length=20), nullable=False),
    sa.Column('parent_id', sa.String(length=60), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('icd10', sa.String(length=200), nullable=False),
    sa.Column('icd11', sa.String(length=200), nullable=False),
    sa.Column('atc', sa.String(length=200), nullable=False),
    sa.Column('mesh', sa.String(length=200), nullable=False),
    sa.Column('deprecated_by', sa.String(length=60), nullable=True),
    sa.CheckConstraint("scheme IN ('substance', 'intervention', 'condition', 'setting', 'population', 'outcome', 'instrument', 'complication', 'evidence', 'legal')", name=op.f('ck_concept_scheme_known')),
    sa.ForeignKeyConstraint(['deprecated_by'], ['concept.id'], name=op.f('fk_concept_deprecated_by_concept')),
    sa.ForeignKeyConstraint(['parent_id'], ['concept.id'], name=op.f('fk_concept_parent_id_concept')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concept'))
    )
    with op.batch_alter_table('concept', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_concept_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_concept_scheme'), ['scheme'], unique=False)

    op.create_table('edition_approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('bound_to', sa.String(length=64), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=False),
    sa.Column('approved_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("country IN ('IR', 'RU')", name=op.f('ck_edition_approval_country')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition_approval')),
    sa.UniqueConstraint('edition', 'bound_to', 'approved_by', 'approved_at', name=op.f('uq_edition_approval_edition_bound_to_approved_by_approved_at'))
    )
    with op.batch_alter_table('edition_approval', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_edition_approval_edition'), ['edition'], unique=False)

    op.create_table('import_batch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_code', sa.String(length=8), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('mode', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('visible', sa.Boolean(), nullable=False),
    sa.Column('profile', sa.String(length=30), nullable=False),
    sa.Column('profile_version', sa.Integer(), nullable=False),
    sa.Column('dictionary_version', sa.Integer(), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=True),
    sa.Column('corrects_id', sa.Integer(), nullable=True),
    sa.Column('header', sa.Text(), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('rows_read', sa.Integer(), nullable=False),
    sa.Column('submitted', sa.Integer(), nullable=False),
    sa.Column('accepted_new', sa.Integer(), nullable=False),
    sa.Column('accepted_changed', sa.Integer(), nullable=False),
    sa.Column('unchanged', sa.Integer(), nullable=False),
    sa.Column('rejected', sa.Integer(), nullable=False),
    sa.Column('held', sa.Integer(), nullable=False),
    sa.Column('withdrawn', sa.Integer(), nullable=False),
    sa.Column('started_at', sa.DateTime(), nullable=False),
    sa.Column('touched_at', sa.DateTime(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['corrects_id'], ['import_batch.id'], name=op.f('fk_import_batch_corrects_id_import_batch')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_import_batch')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_import_batch_idempotency_key'))
    )
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_import_batch_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_import_batch_programme_code'), ['programme_code'], unique=False)

    op.create_table('job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('queue', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('args', sa.Text(), nullable=False),
    sa.Column('run_at', sa.DateTime(), nullable=False),
    sa.Column('lease_until', sa.DateTime(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('max_attempts', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.Column('dedupe', sa.String(length=80), nullable=True),
    sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed')", name=op.f('ck_job_state')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job')),
    sa.UniqueConstraint('dedupe', name=op.f('uq_job_dedupe'))
    )
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.create_index('ix_job_due', ['queue', 'state', 'run_at'], unique=False)

    op.create_table('login_attempt',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_attempt'))
    )
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_attempt_at'), ['at'], unique=False)
        batch_op.create_index('ix_login_attempt_key_at', ['key', 'at'], unique=False)

    op.create_table('organisation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("country IN ('IR', 'RU')", name=op.f('ck_organisation_country')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('country', 'name', name=op.f('uq_organisation_country_name'))
    )
    op.create_table('person',
    sa.Column('programme_code', sa.String(length=8), nullable=False),
    sa.Column('s', sa.LargeBinary(length=32), nullable=False),
    sa.Column('edition', sa.String(length=20), nullable=True),
    sa.PrimaryKeyConstraint('programme_code', 's', name=op.f('pk_person')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.create_index('ix_person_edition', ['edition'], unique=False, sqlite_where=sa.text('edition IS NOT NULL'), postgresql_where=sa.text('edition IS NOT NULL'))

    op.create_table('search_document',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=20), nullable=False),
    sa.Column('slug', sa.String(length=100), nullable=False),
    sa.Column('source_lang', sa.String(length=2), nullable=False),
    sa.Column('titles', sa.JSON(), nullable=False),
    sa.Column('summaries', sa.JSON(), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_document')),
    sa.UniqueConstraint('public_id', name=op.f('uq_search_document_public_id'))
    )
    with op.batch_alter_table('search_document', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_document_retired_published_at'), ['retired', 'published_at'], unique=False)

    op.create_table('search_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('documents', sa.Integer(), nullable=False),
    sa.Column('total_length', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_state'))
    )
    op.create_table('search_vocab',
    sa.Column('term', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('word', sa.String(length=80), nullable=False),
    sa.Column('df', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('term', name=op.f('pk_search_vocab')),
    sqlite_with_rowid=False
    )
    op.create_table('snapshot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('closing_on', sa.Date(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.Integer(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(), nullable=False),
    sa.Column('frozen_by', sa.Integer(), nullable=False),
    sa.Column('void_at', sa.DateTime(), nullable=True),
    sa.Column('void_reason', sa.String(length=40), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshot'))
    )
    with op.batch_alter_table('snapshot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_snapshot_edition'), ['edition'], unique=False)

    op.create_table('tombstone',
    sa.Column('programme_code', sa.String(length=8), nullable=False),
    sa.Column('t', sa.LargeBinary(length=32), nullable=False),
    sa.PrimaryKeyConstraint('programme_code', 't', name=op.f('pk_tombstone'))
    )
    op.create_table('user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.Text(), nullable=False),
    sa.Column('email_hash', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('affiliation', sa.String(length=200), nullable=False),
    sa.Column('requested_role', sa.String(length=30), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('password', sa.String(length=200), nullable=True),
    sa.Column('fs_uniquifier', sa.String(length=64), nullable=False),
    sa.Column('totp_secret', sa.Text(), nullable=True),
    sa.Column('totp_pending', sa.Text(), nullable=True),
    sa.Column('totp_last_step', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("country IN ('IR', 'RU')", name=op.f('ck_user_country')),
    sa.CheckConstraint("state IN ('registered', 'waiting', 'active', 'refused', 'disabled')", name=op.f('ck_user_state')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_user_decided_at_with_decided_by')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email_hash', name=op.f('uq_user_email_hash')),
    sa.UniqueConstraint('fs_uniquifier', name=op.f('uq_user_fs_uniquifier'))
    )
    op.create_table('vocabulary_state',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vocabulary_state'))
    )
    op.create_table('account_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=12), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_account_token_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_token')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_token_token_hash'))
    )
    with op.batch_alter_table('account_token', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_token_user_id'), ['user_id'], unique=False)

    op.create_table('concept_name',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('concept_id', sa.String(length=60), nullable=False),
    sa.Column('lang', sa.String(length=3), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('text', sa.String(length=200), nullable=False),
    sa.Column('stem_key', sa.Text(), nullable=False),
    sa.Column('joined_key', sa.Text(), nullable=False),
    sa.CheckConstraint("kind IN ('label', 'synonym', 'code')", name=op.f('ck_concept_name_kind_known')),
    sa.ForeignKeyConstraint(['concept_id'], ['concept.id'], name=op.f('fk_concept_name_concept_id_concept')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_concept_name'))
    )
    with op.batch_alter_table('concept_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_concept_name_concept_id'), ['concept_id'], unique=False)
        batch_op.create_index('uq_concept_name_label', ['concept_id', 'lang'], unique=True, sqlite_where=sa.text("kind = 'label'"), postgresql_where=sa.text("kind = 'label'"))

    op.create_table('edition_freeze',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('snapshot_id', sa.Integer(), nullable=False),
    sa.Column('closing_on', sa.Date(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('catalogue_version', sa.String(length=10), nullable=False),
    sa.Column('parameter_hash', sa.String(length=64), nullable=False),
    sa.Column('levels', sa.Text(), nullable=False),
    sa.Column('report', sa.Text(), nullable=False),
    sa.Column('frozen_by', sa.Integer(), nullable=False),
    sa.Column('frozen_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['snapshot_id'], ['snapshot.id'], name=op.f('fk_edition_freeze_snapshot_id_snapshot')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_edition_freeze')),
    sa.UniqueConstraint('snapshot_id', name=op.f('uq_edition_freeze_snapshot_id'))
    )
    with op.batch_alter_table('edition_freeze', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_edition_freeze_edition'), ['edition'], unique=False)

    op.create_table('episode',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_id', sa.Integer(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('replaced_by', sa.Integer(), nullable=True),
    sa.Column('import_batch_id', sa.Integer(), nullable=True),
    sa.Column('line', sa.Integer(), nullable=True),
    sa.Column('programme_code', sa.String(length=8), nullable=False),
    sa.Column('row_key', sa.LargeBinary(length=32), nullable=False),
    sa.Column('person_s', sa.LargeBinary(length=32), nullable=False),
    sa.Column('has_token', sa.Boolean(), nullable=False),
    sa.Column('case_code', sa.String(length=7), nullable=True),
    sa.Column('content_hash', sa.LargeBinary(length=16), nullable=False),
    sa.Column('dictionary_version', sa.SmallInteger(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(), nullable=True),
    sa.Column('admission_month', sa.String(length=7), nullable=False),
    sa.Column('admission_precision', sa.SmallInteger(), nullable=False),
    sa.Column('sex', sa.SmallInteger(), nullable=True),
    sa.Column('age_band', sa.SmallInteger(), nullable=True),
    sa.Column('labour', sa.SmallInteger(), nullable=True),
    sa.Column('living_where', sa.SmallInteger(), nullable=True),
    sa.Column('referral_source', sa.SmallInteger(), nullable=True),
    sa.Column('prior_treatment', sa.SmallInteger(), nullable=True),
    sa.Column('dx_icd10', sa.String(length=6), nullable=False),
    sa.Column('inject_status', sa.SmallInteger(), nullable=True),
    sa.Column('modality', sa.String(length=3), nullable=False),
    sa.Column('substance_1_code', sa.SmallInteger(), nullable=True),
    sa.Column('substance_1_route', sa.SmallInteger(), nullable=True),
    sa.Column('substance_1_days28', sa.SmallInteger(), nullable=True),
    sa.Column('substance_2_code', sa.SmallInteger(), nullable=True),
    sa.Column('substance_2_route', sa.SmallInteger(), nullable=True),
    sa.Column('substance_2_days28', sa.SmallInteger(), nullable=True),
    sa.Column('substance_3_code', sa.SmallInteger(), nullable=True),
    sa.Column('substance_3_route', sa.SmallInteger(), nullable=True),
    sa.Column('substance_3_days28', sa.SmallInteger(), nullable=True),
    sa.Column('substance_4_code', sa.SmallInteger(), nullable=True),
    sa.Column('substance_4_route', sa.SmallInteger(), nullable=True),
    sa.Column('substance_4_days28', sa.SmallInteger(), nullable=True),
    sa.Column('start_day', sa.SmallInteger(), nullable=True),
    sa.Column('start_d28_alcohol', sa.SmallInteger(), nullable=True),
    sa.Column('start_d28_opioid', sa.SmallInteger(), nullable=True),
    sa.Column('start_d28_stimulant', sa.SmallInteger(), nullable=True),
    sa.Column('start_d28_inject', sa.SmallInteger(), nullable=True),
    sa.Column('start_d28_controlled_env', sa.SmallInteger(), nullable=True),
    sa.Column('depot_interval_days', sa.SmallInteger(), nullable=True),
    sa.Column('last_depot_day', sa.SmallInteger(), nullable=True),
    sa.Column('review_1_day', sa.SmallInteger(), nullable=True),
    sa.Column('review_1_d28_alcohol', sa.SmallInteger(), nullable=True),
    sa.Column('review_1_d28_opioid', sa.SmallInteger(), nullable=True),
    sa.Column('review_1_d28_stimulant', sa.SmallInteger(), nullable=True),
    sa.Column('review_1_d28_inject', sa.SmallInteger(), nullable=True),
    sa.Column('review_1_d28_controlled_env', sa.SmallInteger(), nullable=True),
    sa.Column('review_2_day', sa.SmallInteger(), nullable=True),
    sa.Column('review_2_d28_alcohol', sa.SmallInteger(), nullable=True),
    sa.Column('review_2_d28_opioid', sa.SmallInteger(), nullable=True),
    sa.Column('review_2_d28_stimulant', sa.SmallInteger(), nullable=True),
    sa.Column('review_2_d28_inject', sa.SmallInteger(), nullable=True),
    sa.Column('review_2_d28_controlled_env', sa.SmallInteger(), nullable=True),
    sa.Column('last_contact_day', sa.SmallInteger(), nullable=True),
    sa.Column('discharge_day', sa.SmallInteger(), nullable=True),
    sa.Column('discharge_reason', sa.SmallInteger(), nullable=True),
    sa.Column('day_precision', sa.SmallInteger(), nullable=False),
    sa.Column('exit_day', sa.SmallInteger(), nullable=True),
    sa.Column('exit_labour', sa.SmallInteger(), nullable=True),
    sa.Column('exit_living_where', sa.SmallInteger(), nullable=True),
    sa.Column('exit_d28_alcohol', sa.SmallInteger(), nullable=True),
    sa.Column('exit_d28_opioid', sa.SmallInteger(), nullable=True),
    sa.Column('exit_d28_stimulant', sa.SmallInteger(), nullable=True),
    sa.Column('exit_d28_inject', sa.SmallInteger(), nullable=True),
    sa.Column('exit_d28_controlled_env', sa.SmallInteger(), nullable=True),
    sa.Column('followup_90_status', sa.SmallInteger(), nullable=True),
    sa.Column('followup_90_days', sa.SmallInteger(), nullable=True),
    sa.Column('followup_180_status', sa.SmallInteger(), nullable=True),
    sa.Column('followup_180_days', sa.SmallInteger(), nullable=True),
    sa.Column('followup_365_status', sa.SmallInteger(), nullable=True),
    sa.Column('followup_365_days', sa.SmallInteger(), nullable=True),
    sa.CheckConstraint('(entered_by IS NULL) = (entered_at IS NULL)', name=op.f('ck_episode_entered_by_with_entered_at')),
    sa.ForeignKeyConstraint(['import_batch_id'], ['import_batch.id'], name=op.f('fk_episode_import_batch_id_import_batch')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_episode'))
    )
    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.create_index('ix_episode_first_id', ['first_id'], unique=False, sqlite_where=sa.text('first_id IS NOT NULL'))
        batch_op.create_index('ix_episode_import_batch_id', ['import_batch_id'], unique=False)
        batch_op.create_index('ix_episode_person_s', ['person_s'], unique=False)
        batch_op.create_index('ix_episode_programme_code', ['programme_code', 'admission_month'], unique=False)
        batch_op.create_index('ix_episode_row_key', ['row_key'], unique=False)
        batch_op.create_index('uq_episode_case_code', ['programme_code', 'case_code', 'revision'], unique=True, sqlite_where=sa.text('case_code IS NOT NULL'), postgresql_where=sa.text('case_code IS NOT NULL'))

    op.create_table('factor_reset',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('proofing', sa.String(length=300), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint('(confirmed_at IS NULL) = (confirmed_by IS NULL)', name=op.f('ck_factor_reset_confirmed_at_with_confirmed_by')),
    sa.CheckConstraint('confirmed_by <> asked_by', name=op.f('ck_factor_reset_two_persons')),
    sa.ForeignKeyConstraint(['asked_by'], ['user.id'], name=op.f('fk_factor_reset_asked_by_user')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_factor_reset_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_factor_reset'))
    )
    with op.batch_alter_table('factor_reset', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_factor_reset_user_id'), ['user_id'], unique=False)

    op.create_table('import_row',
    sa.Column('import_batch_id', sa.Integer(), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('programme_code', sa.String(length=8), nullable=True),
    sa.Column('row_key', sa.LargeBinary(length=32), nullable=True),
    sa.Column('person_s', sa.LargeBinary(length=32), nullable=True),
    sa.Column('codes', sa.Text(), nullable=False),
    sa.Column('cells', sa.Text(), nullable=False),
    sa.Column('resolved_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['import_batch_id'], ['import_batch.id'], name=op.f('fk_import_row_import_batch_id_import_batch')),
    sa.ForeignKeyConstraint(['resolved_by'], ['import_batch.id'], name=op.f('fk_import_row_resolved_by_import_batch')),
    sa.PrimaryKeyConstraint('import_batch_id', 'line', name=op.f('pk_import_row'))
    )
    op.create_table('login_session',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('fresh_at', sa.DateTime(), nullable=False),
    sa.Column('second_factor', sa.Boolean(), nullable=False),
    sa.Column('network', sa.String(length=50), nullable=False),
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_login_session_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_session')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_login_session_token_hash'))
    )
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_login_session_user_id'), ['user_id'], unique=False)

    op.create_table('membership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_membership_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_membership_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_membership')),
    sa.UniqueConstraint('user_id', 'organisation_id', name=op.f('uq_membership_user_id_organisation_id'))
    )
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_membership_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('programme',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=8), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('admin1_group', sa.String(length=4), nullable=False),
    sa.Column('centre_type', sa.Integer(), nullable=False),
    sa.Column('ownership', sa.Integer(), nullable=False),
    sa.Column('planned_duration_days', sa.Integer(), nullable=False),
    sa.Column('start_month', sa.String(length=7), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('publishes', sa.Boolean(), nullable=False),
    sa.Column('named_publicly', sa.Boolean(), nullable=False),
    sa.Column('consented_on', sa.Date(), nullable=True),
    sa.Column('consented_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_on', sa.Date(), nullable=True),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("country IN ('IR', 'RU', 'ZZ')", name=op.f('ck_programme_country')),
    sa.CheckConstraint('(consented_on IS NULL) = (consented_by IS NULL)', name=op.f('ck_programme_consented_on_with_consented_by')),
    sa.CheckConstraint('NOT publishes OR consented_on IS NOT NULL', name=op.f('ck_programme_publishes_with_consent')),
    sa.CheckConstraint('length(code) = 8', name=op.f('ck_programme_code')),
    sa.CheckConstraint('planned_duration_days BETWEEN 0 AND 1095', name=op.f('ck_programme_planned_duration_days')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_programme_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme')),
    sa.UniqueConstraint('code', name=op.f('uq_programme_code')),
    sa.UniqueConstraint('organisation_id', 'name', name=op.f('uq_programme_organisation_id_name'))
    )
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_country'), ['country'], unique=False)
        batch_op.create_index(batch_op.f('ix_programme_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('protocol',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('source_lang', sa.String(length=2), nullable=False),
    sa.Column('origin_country', sa.String(length=2), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('organisation_ids', sa.JSON(), nullable=False),
    sa.Column('licence', sa.String(length=30), nullable=False),
    sa.Column('demonstration', sa.Boolean(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("source_lang IN ('en', 'ru', 'fa')", name=op.f('ck_protocol_source_lang_known')),
    sa.ForeignKeyConstraint(['owner_id'], ['user.id'], name=op.f('fk_protocol_owner_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol')),
    sa.UniqueConstraint('public_id', name=op.f('uq_protocol_public_id'))
    )
    with op.batch_alter_table('protocol', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_protocol_owner_id'), ['owner_id'], unique=False)

    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_recovery_code_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recovery_code_user_id'), ['user_id'], unique=False)

    op.create_table('role_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('waiting', 'granted', 'refused')", name=op.f('ck_role_request_state')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_role_request_decided_at_with_decided_by')),
    sa.ForeignKeyConstraint(['asked_by'], ['user.id'], name=op.f('fk_role_request_asked_by_user')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_role_request_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_request'))
    )
    with op.batch_alter_table('role_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_role_request_user_id'), ['user_id'], unique=False)
        batch_op.create_index('uq_role_request_waiting', ['user_id', 'role'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('search_facet',
    sa.Column('facet', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=60), nullable=False),
    sa.Column('doc_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['doc_id'], ['search_document.id'], name=op.f('fk_search_facet_doc_id_search_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('facet', 'value', 'doc_id', name=op.f('pk_search_facet')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_facet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_facet_doc_id'), ['doc_id'], unique=False)

    op.create_table('search_posting',
    sa.Column('term', sa.String(length=80).with_variant(sa.String(length=80, collation='C'), 'postgresql'), nullable=False),
    sa.Column('doc_id', sa.Integer(), nullable=False),
    sa.Column('weight', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['doc_id'], ['search_document.id'], name=op.f('fk_search_posting_doc_id_search_document'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('term', 'doc_id', name=op.f('pk_search_posting')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('search_posting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_search_posting_doc_id'), ['doc_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_search_posting_term_weight'), ['term', 'weight'], unique=False)

    op.create_table('terms_acceptance',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=12), nullable=False),
    sa.Column('accepted_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_terms_acceptance_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_terms_acceptance')),
    sa.UniqueConstraint('user_id', 'version', name=op.f('uq_terms_acceptance_user_id_version'))
    )
    op.create_table('user_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=30), nullable=False),
    sa.Column('granted_by', sa.Integer(), nullable=False),
    sa.Column('granted_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_user_role_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_role')),
    sa.UniqueConstraint('user_id', 'role', name=op.f('uq_user_role_user_id_role'))
    )
    op.create_table('edition',
    sa.Column('name', sa.String(length=20), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('freeze_id', sa.Integer(), nullable=False),
    sa.Column('closing_on', sa.Date(), nullable=False),
    sa.Column('synthetic', sa.Boolean(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('catalogue_version', sa.String(length=10), nullable=False),
    sa.Column('parameter_hash', sa.String(length=64), nullable=False),
    sa.Column('levels', sa.Text(), nullable=False),
    sa.Column('edition_hash', sa.String(length=64), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['freeze_id'], ['edition_freeze.id'], name=op.f('fk_edition_freeze_id_edition_freeze')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_edition')),
    sa.UniqueConstraint('freeze_id', name=op.f('uq_edition_freeze_id')),
    sa.UniqueConstraint('number', name=op.f('uq_edition_number'))
    )
    op.create_table('episode_sensitive',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('legal_status', sa.SmallInteger(), nullable=True),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_episode_sensitive_episode_id_episode')),
    sa.PrimaryKeyConstraint('episode_id', name=op.f('pk_episode_sensitive'))
    )
    op.create_table('legal_status',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('status', sa.String(length=60), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('basis', sa.JSON(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('set_by', sa.Integer(), nullable=False),
    sa.Column('set_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("country IN ('IR', 'RU')", name=op.f('ck_legal_status_country_known')),
    sa.CheckConstraint('(checked_on IS NULL) = (expires_on IS NULL)', name=op.f('ck_legal_status_expires_with_check')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_legal_status_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['status'], ['concept.id'], name=op.f('fk_legal_status_status_concept')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_status'))
    )
    with op.batch_alter_table('legal_status', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_legal_status_protocol_id_country'), ['protocol_id', 'country'], unique=False)

    op.create_table('programme_modality',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('modality', sa.String(length=3), nullable=False),
    sa.Column('from_month', sa.String(length=7), nullable=False),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_programme_modality_programme_id_programme'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_programme_modality')),
    sa.UniqueConstraint('programme_id', 'modality', name=op.f('uq_programme_modality_programme_id_modality'))
    )
    with op.batch_alter_table('programme_modality', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_programme_modality_programme_id'), ['programme_id'], unique=False)

    op.create_table('protocol_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('major', sa.Integer(), nullable=False),
    sa.Column('minor', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('change_type', sa.String(length=12), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('change_note', sa.Text(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('licence', sa.String(length=30), nullable=False),
    sa.Column('supersedes_id', sa.Integer(), nullable=True),
    sa.Column('evidence_searched_on', sa.Date(), nullable=True),
    sa.Column('review_due_on', sa.Date(), nullable=True),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('submitted_by', sa.Integer(), nullable=True),
    sa.Column('submitted_at', sa.DateTime(), nullable=True),
    sa.Column('accepted_by', sa.Integer(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(), nullable=True),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('override_reason', sa.Text(), nullable=True),
    sa.Column('override_by', sa.Integer(), nullable=True),
    sa.Column('exception_reason', sa.Text(), nullable=True),
    sa.Column('exception_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("change_type IN ('initial', 'clinical', 'editorial', 'correction')", name=op.f('ck_protocol_version_change_type_known')),
    sa.CheckConstraint("state IN ('draft', 'submitted', 'in_review', 'changes_requested', 'accepted', 'published', 'under_concern', 'superseded', 'retired', 'withdrawn', 'rejected', 'abandoned')", name=op.f('ck_protocol_version_state_known')),
    sa.CheckConstraint('(accepted_at IS NULL) = (accepted_by IS NULL)', name=op.f('ck_protocol_version_accepted_at_with_accepted_by')),
    sa.CheckConstraint('(exception_reason IS NULL) = (exception_by IS NULL)', name=op.f('ck_protocol_version_exception_reason_with_exception_by')),
    sa.CheckConstraint('(override_reason IS NULL) = (override_by IS NULL)', name=op.f('ck_protocol_version_override_reason_with_override_by')),
    sa.CheckConstraint('(published_at IS NULL) = (published_by IS NULL)', name=op.f('ck_protocol_version_published_at_with_published_by')),
    sa.CheckConstraint('(submitted_at IS NULL) = (submitted_by IS NULL)', name=op.f('ck_protocol_version_submitted_at_with_submitted_by')),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_protocol_version_created_by_user')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_protocol_version_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['supersedes_id'], ['protocol_version.id'], name=op.f('fk_protocol_version_supersedes_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol_version'))
    )
    with op.batch_alter_table('protocol_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_protocol_version_created_by'), ['created_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_protocol_version_protocol_id_major_minor'), ['protocol_id', 'major', 'minor'], unique=False)
        batch_op.create_index(batch_op.f('ix_protocol_version_published_at'), ['published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_protocol_version_state_submitted_at'), ['state', 'submitted_at'], unique=False)
        batch_op.create_index('uq_protocol_version_current', ['protocol_id'], unique=True, sqlite_where=sa.text("state IN ('published', 'under_concern')"), postgresql_where=sa.text("state IN ('published', 'under_concern')"))
        batch_op.create_index('uq_protocol_version_open', ['protocol_id'], unique=True, sqlite_where=sa.text("state IN ('draft', 'submitted', 'in_review', 'changes_requested', 'accepted')"), postgresql_where=sa.text("state IN ('draft', 'submitted', 'in_review', 'changes_requested', 'accepted')"))

    op.create_table('rule_result',
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=8), nullable=False),
    sa.Column('severity', sa.String(length=1), nullable=False),
    sa.Column('confirmation', sa.String(length=20), nullable=True),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_rule_result_episode_id_episode')),
    sa.PrimaryKeyConstraint('episode_id', 'rule', name=op.f('pk_rule_result'))
    )
    op.create_table('snapshot_member',
    sa.Column('snapshot_id', sa.Integer(), nullable=False),
    sa.Column('programme_code', sa.String(length=8), nullable=False),
    sa.Column('s', sa.LargeBinary(length=32), nullable=False),
    sa.Column('episode_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['episode_id'], ['episode.id'], name=op.f('fk_snapshot_member_episode_id_episode')),
    sa.ForeignKeyConstraint(['snapshot_id'], ['snapshot.id'], name=op.f('fk_snapshot_member_snapshot_id_snapshot')),
    sa.PrimaryKeyConstraint('snapshot_id', 'programme_code', 's', name=op.f('pk_snapshot_member'))
    )
    with op.batch_alter_table('snapshot_member', schema=None) as batch_op:
        batch_op.create_index('ix_snapshot_member_person', ['programme_code', 's'], unique=False)

    op.create_table('translation_unit',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('unit_key', sa.String(length=36), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('source_hash', sa.String(length=64), nullable=False),
    sa.Column('source_text', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('origin', sa.String(length=14), nullable=False),
    sa.Column('translated_by', sa.Integer(), nullable=False),
    sa.Column('reviewed_by', sa.Integer(), nullable=True),
    sa.Column('reviewed_at', sa.DateTime(), nullable=True),
    sa.Column('number_check', sa.String(length=8), nullable=False),
    sa.Column('number_reason', sa.Text(), nullable=False),
    sa.Column('remark', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_translation_unit_lang_known')),
    sa.CheckConstraint("number_check IN ('ok', 'waived')", name=op.f('ck_translation_unit_number_check_known')),
    sa.CheckConstraint("origin IN ('human', 'memory', 'machine_edited')", name=op.f('ck_translation_unit_origin_known')),
    sa.CheckConstraint("state <> 'approved' OR reviewed_by IS NOT NULL", name=op.f('ck_translation_unit_approved_by_somebody')),
    sa.CheckConstraint("state IN ('draft', 'needs_review', 'approved')", name=op.f('ck_translation_unit_state_known')),
    sa.CheckConstraint('(reviewed_at IS NULL) = (reviewed_by IS NULL)', name=op.f('ck_translation_unit_reviewed_at_with_reviewed_by')),
    sa.CheckConstraint('reviewed_by IS NULL OR reviewed_by <> translated_by', name=op.f('ck_translation_unit_two_persons')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_translation_unit_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['translated_by'], ['user.id'], name=op.f('fk_translation_unit_translated_by_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_translation_unit')),
    sa.UniqueConstraint('protocol_id', 'unit_key', 'lang', 'revision', name=op.f('uq_translation_unit_protocol_id_unit_key_lang_revision'))
    )
    with op.batch_alter_table('translation_unit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_translation_unit_lang_state'), ['lang', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_translation_unit_protocol_id_lang_state'), ['protocol_id', 'lang', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_translation_unit_translated_by'), ['translated_by'], unique=False)

    op.create_table('block',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('block_key', sa.String(length=36), nullable=False),
    sa.Column('section', sa.String(length=24), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('source_text', sa.Text(), nullable=False),
    sa.Column('source_hash', sa.String(length=64), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('text', 'step', 'list', 'dose', 'criterion', 'measure', 'resource', 'evidence')", name=op.f('ck_block_kind_known')),
    sa.CheckConstraint("section IN ('population', 'substances', 'setting', 'contraindications', 'assessment', 'steps', 'dosing', 'monitoring', 'adverse_events', 'special_populations', 'psychosocial', 'duration', 'resources', 'evidence', 'implementation')", name=op.f('ck_block_section_known')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_block_version_id_protocol_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_block')),
    sa.UniqueConstraint('version_id', 'block_key', name=op.f('uq_block_version_id_block_key'))
    )
    with op.batch_alter_table('block', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_block_block_key'), ['block_key'], unique=False)

    op.create_table('edition_ledger',
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('tables', sa.Integer(), nullable=False),
    sa.Column('sigma', sa.Integer(), nullable=False),
    sa.Column('rho', sa.Double(), nullable=False),
    sa.ForeignKeyConstraint(['edition'], ['edition.name'], name=op.f('fk_edition_ledger_edition_edition')),
    sa.PrimaryKeyConstraint('edition', name=op.f('pk_edition_ledger'))
    )
    op.create_table('edition_programme',
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=6), nullable=False),
    sa.Column('named', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['edition'], ['edition.name'], name=op.f('fk_edition_programme_edition_edition')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_edition_programme_programme_id_programme')),
    sa.PrimaryKeyConstraint('edition', 'programme_id', name=op.f('pk_edition_programme')),
    sa.UniqueConstraint('edition', 'code', name=op.f('uq_edition_programme_edition_code'))
    )
    op.create_table('gate_verdict',
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('programme_id', sa.Integer(), nullable=False),
    sa.Column('klass', sa.String(length=30), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('is_open', sa.Boolean(), nullable=False),
    sa.Column('failing', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['edition'], ['edition.name'], name=op.f('fk_gate_verdict_edition_edition')),
    sa.ForeignKeyConstraint(['programme_id'], ['programme.id'], name=op.f('fk_gate_verdict_programme_id_programme')),
    sa.PrimaryKeyConstraint('edition', 'programme_id', 'klass', 'outcome', name=op.f('pk_gate_verdict'))
    )
    op.create_table('protocol_concept',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('concept_id', sa.String(length=60), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.CheckConstraint("role IN ('main', 'secondary', 'excluded')", name=op.f('ck_protocol_concept_role_known')),
    sa.ForeignKeyConstraint(['concept_id'], ['concept.id'], name=op.f('fk_protocol_concept_concept_id_concept')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_protocol_concept_version_id_protocol_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol_concept')),
    sa.UniqueConstraint('version_id', 'concept_id', name=op.f('uq_protocol_concept_version_id_concept_id'))
    )
    with op.batch_alter_table('protocol_concept', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_protocol_concept_concept_id'), ['concept_id'], unique=False)

    op.create_table('protocol_reference',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=30), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('cite', sa.Text(), nullable=False),
    sa.Column('doi', sa.String(length=120), nullable=False),
    sa.Column('pmid', sa.String(length=12), nullable=False),
    sa.Column('isbn', sa.String(length=20), nullable=False),
    sa.Column('url', sa.String(length=500), nullable=False),
    sa.Column('language', sa.String(length=5), nullable=False),
    sa.Column('licence', sa.String(length=30), nullable=False),
    sa.Column('quotation', sa.String(length=20), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('status_note', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_protocol_reference_version_id_protocol_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol_reference')),
    sa.UniqueConstraint('version_id', 'key', name=op.f('uq_protocol_reference_version_id_key'))
    )
    op.create_table('publication_approval',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('approved_by', sa.Integer(), nullable=False),
    sa.Column('approved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_publication_approval_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_publication_approval')),
    sa.UniqueConstraint('version_id', 'content_hash', 'country', name=op.f('uq_publication_approval_version_id_content_hash_country'))
    )
    op.create_table('released_cell',
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('table_id', sa.String(length=60), nullable=False),
    sa.Column('cell', sa.String(length=120), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('noisy', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['edition'], ['edition.name'], name=op.f('fk_released_cell_edition_edition')),
    sa.PrimaryKeyConstraint('edition', 'table_id', 'cell', name=op.f('pk_released_cell'))
    )
    op.create_table('released_result',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('klass', sa.String(length=30), nullable=False),
    sa.Column('outcome', sa.String(length=20), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('method', sa.String(length=120), nullable=False),
    sa.Column('definitions_version', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['edition'], ['edition.name'], name=op.f('fk_released_result_edition_edition')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_released_result')),
    sa.UniqueConstraint('edition', 'kind', 'country', 'klass', 'outcome', name=op.f('uq_released_result_edition_kind_country_klass_outcome'))
    )
    op.create_table('review_assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('organisation_ids', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('interests', sa.Text(), nullable=True),
    sa.Column('declared_at', sa.DateTime(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('assigned_by', sa.Integer(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('clinical', 'dose_check')", name=op.f('ck_review_assignment_kind_known')),
    sa.CheckConstraint("state IN ('invited', 'reading', 'submitted', 'declined', 'closed')", name=op.f('ck_review_assignment_state_known')),
    sa.CheckConstraint('(declared_at IS NULL) = (interests IS NULL)', name=op.f('ck_review_assignment_declared_at_with_interests')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['user.id'], name=op.f('fk_review_assignment_reviewer_id_user')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_review_assignment_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_assignment')),
    sa.UniqueConstraint('version_id', 'reviewer_id', 'kind', name=op.f('uq_review_assignment_version_id_reviewer_id_kind'))
    )
    with op.batch_alter_table('review_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_assignment_reviewer_id_state'), ['reviewer_id', 'state'], unique=False)

    op.create_table('review_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('block_key', sa.String(length=36), nullable=False),
    sa.Column('severity', sa.String(length=8), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("severity IN ('must', 'should', 'note')", name=op.f('ck_review_comment_severity_known')),
    sa.CheckConstraint("state IN ('open', 'addressed', 'disputed', 'resolved')", name=op.f('ck_review_comment_state_known')),
    sa.CheckConstraint('(answered_at IS NULL) = (answered_by IS NULL)', name=op.f('ck_review_comment_answered_at_with_answered_by')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_review_comment_author_id_user')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_review_comment_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_comment'))
    )
    with op.batch_alter_table('review_comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_comment_version_id'), ['version_id'], unique=False)

    op.create_table('translation_publication',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('units', sa.JSON(), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_translation_publication_lang_known')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_translation_publication_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_translation_publication'))
    )
    with op.batch_alter_table('translation_publication', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_translation_publication_version_id_lang'), ['version_id', 'lang'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('assignment_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('organisation_ids', sa.JSON(), nullable=False),
    sa.Column('content_hash', sa.String(length=64), nullable=False),
    sa.Column('recommendation', sa.String(length=8), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('submitted_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('clinical', 'dose_check')", name=op.f('ck_review_kind_known')),
    sa.CheckConstraint("recommendation IN ('approve', 'revise')", name=op.f('ck_review_recommendation_known')),
    sa.ForeignKeyConstraint(['assignment_id'], ['review_assignment.id'], name=op.f('fk_review_assignment_id_review_assignment')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['user.id'], name=op.f('fk_review_reviewer_id_user')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_review_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review'))
    )
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_assignment_id'), ['assignment_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_version_id_content_hash'), ['version_id', 'content_hash'], unique=False)

    own = {"sqlite": SQLITE, "postgresql": POSTGRESQL}.get(op.get_bind().dialect.name, ())
    for statement in (*EVERYWHERE, *own):
        op.execute(sa.text(statement.replace(':', '\\:')))


def downgrade() -> None:
    with op.batch_alter_table('review', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_version_id_content_hash'))
        batch_op.drop_index(batch_op.f('ix_review_assignment_id'))

    op.drop_table('review')
    with op.batch_alter_table('translation_publication', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_translation_publication_version_id_lang'))

    op.drop_table('translation_publication')
    with op.batch_alter_table('review_comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_comment_version_id'))

    op.drop_table('review_comment')
    with op.batch_alter_table('review_assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_assignment_reviewer_id_state'))

    op.drop_table('review_assignment')
    op.drop_table('released_result')
    op.drop_table('released_cell')
    op.drop_table('publication_approval')
    op.drop_table('protocol_reference')
    with op.batch_alter_table('protocol_concept', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_protocol_concept_concept_id'))

    op.drop_table('protocol_concept')
    op.drop_table('gate_verdict')
    op.drop_table('edition_programme')
    op.drop_table('edition_ledger')
    with op.batch_alter_table('block', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_block_block_key'))

    op.drop_table('block')
    with op.batch_alter_table('translation_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_translation_unit_translated_by'))
        batch_op.drop_index(batch_op.f('ix_translation_unit_protocol_id_lang_state'))
        batch_op.drop_index(batch_op.f('ix_translation_unit_lang_state'))

    op.drop_table('translation_unit')
    with op.batch_alter_table('snapshot_member', schema=None) as batch_op:
        batch_op.drop_index('ix_snapshot_member_person')

    op.drop_table('snapshot_member')
    op.drop_table('rule_result')
    with op.batch_alter_table('protocol_version', schema=None) as batch_op:
        batch_op.drop_index('uq_protocol_version_open', sqlite_where=sa.text("state IN ('draft', 'submitted', 'in_review', 'changes_requested', 'accepted')"), postgresql_where=sa.text("state IN ('draft', 'submitted', 'in_review', 'changes_requested', 'accepted')"))
        batch_op.drop_index('uq_protocol_version_current', sqlite_where=sa.text("state IN ('published', 'under_concern')"), postgresql_where=sa.text("state IN ('published', 'under_concern')"))
        batch_op.drop_index(batch_op.f('ix_protocol_version_state_submitted_at'))
        batch_op.drop_index(batch_op.f('ix_protocol_version_published_at'))
        batch_op.drop_index(batch_op.f('ix_protocol_version_protocol_id_major_minor'))
        batch_op.drop_index(batch_op.f('ix_protocol_version_created_by'))

    op.drop_table('protocol_version')
    with op.batch_alter_table('programme_modality', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_modality_programme_id'))

    op.drop_table('programme_modality')
    with op.batch_alter_table('legal_status', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_legal_status_protocol_id_country'))

    op.drop_table('legal_status')
    op.drop_table('episode_sensitive')
    op.drop_table('edition')
    op.drop_table('user_role')
    op.drop_table('terms_acceptance')
    with op.batch_alter_table('search_posting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_posting_term_weight'))
        batch_op.drop_index(batch_op.f('ix_search_posting_doc_id'))

    op.drop_table('search_posting')
    with op.batch_alter_table('search_facet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_facet_doc_id'))

    op.drop_table('search_facet')
    with op.batch_alter_table('role_request', schema=None) as batch_op:
        batch_op.drop_index('uq_role_request_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_role_request_user_id'))

    op.drop_table('role_request')
    with op.batch_alter_table('recovery_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recovery_code_user_id'))

    op.drop_table('recovery_code')
    with op.batch_alter_table('protocol', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_protocol_owner_id'))

    op.drop_table('protocol')
    with op.batch_alter_table('programme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_programme_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_programme_country'))

    op.drop_table('programme')
    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_membership_organisation_id'))

    op.drop_table('membership')
    with op.batch_alter_table('login_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_login_session_user_id'))

    op.drop_table('login_session')
    op.drop_table('import_row')
    with op.batch_alter_table('factor_reset', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_factor_reset_user_id'))

    op.drop_table('factor_reset')
    with op.batch_alter_table('episode', schema=None) as batch_op:
        batch_op.drop_index('uq_episode_case_code', sqlite_where=sa.text('case_code IS NOT NULL'), postgresql_where=sa.text('case_code IS NOT NULL'))
        batch_op.drop_index('ix_episode_row_key')
        batch_op.drop_index('ix_episode_programme_code')
        batch_op.drop_index('ix_episode_person_s')
        batch_op.drop_index('ix_episode_import_batch_id')
        batch_op.drop_index('ix_episode_first_id', sqlite_where=sa.text('first_id IS NOT NULL'))

    op.drop_table('episode')
    with op.batch_alter_table('edition_freeze', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_edition_freeze_edition'))

    op.drop_table('edition_freeze')
    with op.batch_alter_table('concept_name', schema=None) as batch_op:
        batch_op.drop_index('uq_concept_name_label', sqlite_where=sa.text("kind = 'label'"), postgresql_where=sa.text("kind = 'label'"))
        batch_op.drop_index(batch_op.f('ix_concept_name_concept_id'))

    op.drop_table('concept_name')
    with op.batch_alter_table('account_token', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_token_user_id'))

    op.drop_table('account_token')
    op.drop_table('vocabulary_state')
    op.drop_table('user')
    op.drop_table('tombstone')
    with op.batch_alter_table('snapshot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_snapshot_edition'))

    op.drop_table('snapshot')
    op.drop_table('search_vocab')
    op.drop_table('search_state')
    with op.batch_alter_table('search_document', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_search_document_retired_published_at'))

    op.drop_table('search_document')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index('ix_person_edition', sqlite_where=sa.text('edition IS NOT NULL'), postgresql_where=sa.text('edition IS NOT NULL'))

    op.drop_table('person')
    op.drop_table('organisation')
    with op.batch_alter_table('login_attempt', schema=None) as batch_op:
        batch_op.drop_index('ix_login_attempt_key_at')
        batch_op.drop_index(batch_op.f('ix_login_attempt_at'))

    op.drop_table('login_attempt')
    with op.batch_alter_table('job', schema=None) as batch_op:
        batch_op.drop_index('ix_job_due')

    op.drop_table('job')
    with op.batch_alter_table('import_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_import_batch_programme_code'))
        batch_op.drop_index(batch_op.f('ix_import_batch_organisation_id'))

    op.drop_table('import_batch')
    with op.batch_alter_table('edition_approval', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_edition_approval_edition'))

    op.drop_table('edition_approval')
    with op.batch_alter_table('concept', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_concept_scheme'))
        batch_op.drop_index(batch_op.f('ix_concept_parent_id'))

    op.drop_table('concept')
    op.drop_table('audit_head')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_event_event'))

    op.drop_table('audit_event')
    if op.get_bind().dialect.name == 'postgresql':  # functions outlive the tables that called them
        for name in ('protocol_part_sealed', 'protocol_version_sealed', 'refuse_change', 'refuse_second_edition'):
            op.execute(f'DROP FUNCTION IF EXISTS {name}()')
