"""carry versions through their life

Revision ID: a1f0c0de0010
Revises: a1f0c0de0060
Create Date: 2026-11-24 16:10:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0010'
down_revision = 'a1f0c0de0060'
branch_labels = None
depends_on = None


COLUMNS = {
    'coi_declaration': 'protocol_id, version_id, user_id, capacity, financial, intellectual, institutional, personal, employer, declared_at',
    'approval_withdrawal': '',
    'version_notice': 'version_id, kind, reason_code, body, lang, replaced_by_id, proposed_by, proposed_at',
    'currency_check': '',
    'rejection': 'version_id, reason_code, reason, lang, country, rejected_by, rejected_at',
    'review': '',
}
OLD_STATES = "state IN ('invited', 'reading', 'submitted', 'declined', 'closed')"
NEW_STATES = "state IN ('invited', 'declared', 'reading', 'submitted', 'declined', 'expired', 'dismissed', 'closed')"
INTERESTS_DECLARED = '(declared_at IS NULL) = (interests IS NULL)'
ANCHORED = '(anchor_start IS NULL) = (anchor_end IS NULL)'
REVIEW = 'id, assignment_id, version_id, kind, reviewer_id, organisation_ids, content_hash, recommendation, summary, lang, submitted_at'
ASSIGNMENT = 'id, version_id, kind, reviewer_id, organisation_ids, state, due_on, assigned_by, assigned_at'
COMMENT = 'id, version_id, author_id, block_key, severity, body, lang, state, answer, answered_by, answered_at, created_at'
STANDING = sa.text("state IN ('proposed', 'in_force')")


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == 'sqlite'


def seal(table: str) -> None:
    """The triggers of `core.db.append_only`, as they were at this revision."""
    of = f' OF {COLUMNS[table]}' if COLUMNS[table] else ''
    run = op.execute
    if is_sqlite():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is immutable'); END"
        run(f'CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {refuse}')
        run(f'CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}')
        return
    refuse = 'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
    run(f'CREATE TRIGGER {table}_no_update BEFORE UPDATE{of} ON {table} {refuse}')
    run(f'CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}')


def upgrade() -> None:
    create_tables()
    # What a reviewer declared in one text becomes a declaration; a conflict had ended the assignment.
    op.execute("""
        INSERT INTO coi_declaration (protocol_id, version_id, user_id, capacity, financial, intellectual, institutional,
            personal, employer, declared_at, decision, decided_by, decided_at, decision_note)
        SELECT v.protocol_id, a.version_id, a.reviewer_id, 'reviewer', '', '', '', a.interests, false, a.declared_at,
            CASE WHEN a.interests = '' THEN 'none' ELSE 'exclude' END, 0, a.declared_at, ''
        FROM review_assignment a JOIN protocol_version v ON v.id = a.version_id WHERE a.declared_at IS NOT NULL
    """)
    if is_sqlite():
        remake_up()
    else:
        alter_up()
    create_withdrawals()


def downgrade() -> None:
    # States that the older tables do not know are closed; later declarations go with their table.
    op.execute("UPDATE review_assignment SET state = 'declined' WHERE state IN ('expired', 'dismissed')")
    op.execute("UPDATE review_assignment SET state = 'invited' WHERE state = 'declared'")
    op.drop_table('approval_withdrawal')
    if is_sqlite():
        remake_down()
    else:
        alter_down()
    for table in ('protocol_reminder', 'rejection', 'currency_check', 'version_notice', 'coi_declaration'):
        op.drop_table(table)


def create_tables() -> None:
    op.create_table('coi_declaration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.String(length=8), nullable=False),
    sa.Column('financial', sa.Text(), nullable=False),
    sa.Column('intellectual', sa.Text(), nullable=False),
    sa.Column('institutional', sa.Text(), nullable=False),
    sa.Column('personal', sa.Text(), nullable=False),
    sa.Column('employer', sa.Boolean(), nullable=False),
    sa.Column('declared_at', sa.DateTime(), nullable=False),
    sa.Column('decision', sa.String(length=8), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('decision_note', sa.Text(), nullable=False),
    sa.CheckConstraint("capacity IN ('author', 'reviewer')", name=op.f('ck_coi_declaration_capacity_known')),
    sa.CheckConstraint("decision IN ('none', 'manage', 'exclude')", name=op.f('ck_coi_declaration_decision_known')),
    sa.CheckConstraint('(decided_at IS NULL) = (decision IS NULL)', name=op.f('ck_coi_declaration_decided_at_with_decision')),
    sa.CheckConstraint('(decided_by IS NULL) = (decision IS NULL)', name=op.f('ck_coi_declaration_decided_by_with_decision')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_coi_declaration_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_coi_declaration_user_id_user')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_coi_declaration_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_coi_declaration'))
    )
    op.create_index(op.f('ix_coi_declaration_protocol_id_user_id'), 'coi_declaration', ['protocol_id', 'user_id'], unique=False)
    op.create_index(op.f('ix_coi_declaration_version_id_user_id'), 'coi_declaration', ['version_id', 'user_id'], unique=False)
    op.create_table('version_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason_code', sa.String(length=20), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('replaced_by_id', sa.Integer(), nullable=True),
    sa.Column('proposed_by', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(), nullable=False),
    sa.Column('issued_by', sa.Integer(), nullable=True),
    sa.Column('issued_at', sa.DateTime(), nullable=True),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.Column('outcome', sa.Text(), nullable=False),
    sa.Column('outcome_lang', sa.String(length=2), nullable=False),
    sa.Column('closed_by', sa.Integer(), nullable=True),
    sa.Column('closed_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("kind IN ('concern', 'retirement', 'withdrawal')", name=op.f('ck_version_notice_kind_known')),
    sa.CheckConstraint("state IN ('proposed', 'in_force', 'closed', 'expired', 'dropped')", name=op.f('ck_version_notice_state_known')),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_version_notice_lang_known')),
    sa.CheckConstraint('(issued_at IS NULL) = (issued_by IS NULL)', name=op.f('ck_version_notice_issued_at_with_issued_by')),
    sa.CheckConstraint('(closed_at IS NULL) = (closed_by IS NULL)', name=op.f('ck_version_notice_closed_at_with_closed_by')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['protocol.id'], name=op.f('fk_version_notice_replaced_by_id_protocol')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_version_notice_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_version_notice'))
    )
    op.create_index('uq_version_notice_standing', 'version_notice', ['version_id', 'kind'], unique=True, sqlite_where=STANDING, postgresql_where=STANDING)
    op.create_index(op.f('ix_version_notice_state_ends_at'), 'version_notice', ['state', 'ends_at'], unique=False)
    op.create_table('currency_check',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('checked_on', sa.Date(), nullable=False),
    sa.Column('checked_by', sa.Integer(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('next_due_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_currency_check_lang_known')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_currency_check_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_currency_check'))
    )
    op.create_index(op.f('ix_currency_check_version_id'), 'currency_check', ['version_id'], unique=False)
    op.create_table('rejection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('reason_code', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('rejected_by', sa.Integer(), nullable=False),
    sa.Column('rejected_at', sa.DateTime(), nullable=False),
    sa.Column('appeal', sa.Text(), nullable=False),
    sa.Column('appealed_by', sa.Integer(), nullable=True),
    sa.Column('appealed_at', sa.DateTime(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('verdict', sa.String(length=8), nullable=True),
    sa.Column('answered_by', sa.Integer(), nullable=True),
    sa.Column('answered_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("verdict IN ('granted', 'upheld')", name=op.f('ck_rejection_verdict_known')),
    sa.CheckConstraint('(appealed_at IS NULL) = (appealed_by IS NULL)', name=op.f('ck_rejection_appealed_at_with_appealed_by')),
    sa.CheckConstraint('(answered_at IS NULL) = (answered_by IS NULL)', name=op.f('ck_rejection_answered_at_with_answered_by')),
    sa.CheckConstraint('(verdict IS NULL) = (answered_at IS NULL)', name=op.f('ck_rejection_verdict_with_answer')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_rejection_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rejection'))
    )
    op.create_index(op.f('ix_rejection_version_id'), 'rejection', ['version_id'], unique=False)
    op.create_table('protocol_reminder',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol_reminder')),
    sa.UniqueConstraint('kind', 'target_id', 'step', name=op.f('uq_protocol_reminder_kind_target_id_step'))
    )
    for table in ('coi_declaration', 'version_notice', 'currency_check', 'rejection'):
        seal(table)


def create_withdrawals() -> None:
    op.create_table('approval_withdrawal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('review_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('cause', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('withdrawn_by', sa.Integer(), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("cause IN ('reviewer', 'conflict')", name=op.f('ck_approval_withdrawal_cause_known')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_approval_withdrawal_review_id_review')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_approval_withdrawal_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_approval_withdrawal')),
    sa.UniqueConstraint('review_id', name=op.f('uq_approval_withdrawal_review_id'))
    )
    op.create_index(op.f('ix_approval_withdrawal_version_id'), 'approval_withdrawal', ['version_id'], unique=False)
    seal('approval_withdrawal')


def remake(assignment, comment, *filling: str) -> None:
    """SQLite changes a CHECK only by a new table, and drops none that another points to: reviews step aside."""
    run = op.execute
    for table in ('review', 'review_assignment', 'review_comment'):
        run(f'CREATE TEMPORARY TABLE old_{table} AS SELECT * FROM {table}')
        run(f'DROP TABLE {table}')
    assignment()
    comment()
    make_review()
    for statement in (*filling, f'INSERT INTO review ({REVIEW}) SELECT {REVIEW} FROM old_review'):
        run(statement)
    for table in ('review', 'review_assignment', 'review_comment'):
        run(f'DROP TABLE old_{table}')
    seal('review')


def remake_up() -> None:
    remake(
        new_assignment, new_comment,
        f'INSERT INTO review_assignment ({ASSIGNMENT}, answered_at) SELECT {ASSIGNMENT}, declared_at FROM old_review_assignment',
        f"INSERT INTO review_comment ({COMMENT}, quote) SELECT {COMMENT}, '' FROM old_review_comment",
    )


def remake_down() -> None:
    said = (
        "SELECT c.financial || c.intellectual || c.institutional || c.personal FROM coi_declaration c"
        ' WHERE c.version_id = old_review_assignment.version_id AND c.user_id = old_review_assignment.reviewer_id'
        " AND c.capacity = 'reviewer' ORDER BY c.id DESC LIMIT 1"
    )
    remake(
        old_assignment, make_comment,
        f'INSERT INTO review_assignment ({ASSIGNMENT}, declared_at, interests) SELECT {ASSIGNMENT}, answered_at,'
        f" CASE WHEN answered_at IS NOT NULL THEN COALESCE(({said}), '') END FROM old_review_assignment",
        f'INSERT INTO review_comment ({COMMENT}) SELECT {COMMENT} FROM old_review_comment',
    )


def new_assignment() -> None:
    make_assignment(NEW_STATES, sa.Column('reads_source', sa.Boolean(), nullable=True), sa.Column('answered_at', sa.DateTime(), nullable=True))


def old_assignment() -> None:
    make_assignment(
        OLD_STATES, sa.Column('interests', sa.Text(), nullable=True), sa.Column('declared_at', sa.DateTime(), nullable=True),
        sa.CheckConstraint(INTERESTS_DECLARED, name=op.f('ck_review_assignment_declared_at_with_interests')),
    )


def make_assignment(states: str, *more) -> None:
    op.create_table('review_assignment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('reviewer_id', sa.Integer(), nullable=False),
    sa.Column('organisation_ids', sa.JSON(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    *more,
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('assigned_by', sa.Integer(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('clinical', 'dose_check')", name=op.f('ck_review_assignment_kind_known')),
    sa.CheckConstraint(states, name=op.f('ck_review_assignment_state_known')),
    sa.ForeignKeyConstraint(['reviewer_id'], ['user.id'], name=op.f('fk_review_assignment_reviewer_id_user')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_review_assignment_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_assignment')),
    sa.UniqueConstraint('version_id', 'reviewer_id', 'kind', name=op.f('uq_review_assignment_version_id_reviewer_id_kind'))
    )
    op.create_index(op.f('ix_review_assignment_reviewer_id_state'), 'review_assignment', ['reviewer_id', 'state'], unique=False)


def new_comment() -> None:
    make_comment(
        sa.Column('anchor_start', sa.Integer(), nullable=True), sa.Column('anchor_end', sa.Integer(), nullable=True),
        sa.Column('quote', sa.Text(), nullable=False),
        sa.CheckConstraint(ANCHORED, name=op.f('ck_review_comment_anchor_start_with_anchor_end')),
    )


def make_comment(*more) -> None:
    op.create_table('review_comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('block_key', sa.String(length=36), nullable=False),
    *more,
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
    op.create_index(op.f('ix_review_comment_version_id'), 'review_comment', ['version_id'], unique=False)


def make_review() -> None:
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
    op.create_index(op.f('ix_review_assignment_id'), 'review', ['assignment_id'], unique=False)
    op.create_index(op.f('ix_review_version_id_content_hash'), 'review', ['version_id', 'content_hash'], unique=False)


def alter_up() -> None:
    op.drop_constraint('ck_review_assignment_declared_at_with_interests', 'review_assignment')
    op.drop_constraint('ck_review_assignment_state_known', 'review_assignment')
    op.create_check_constraint(op.f('ck_review_assignment_state_known'), 'review_assignment', NEW_STATES)
    op.add_column('review_assignment', sa.Column('reads_source', sa.Boolean(), nullable=True))
    op.alter_column('review_assignment', 'declared_at', new_column_name='answered_at')
    op.drop_column('review_assignment', 'interests')
    op.add_column('review_comment', sa.Column('anchor_start', sa.Integer(), nullable=True))
    op.add_column('review_comment', sa.Column('anchor_end', sa.Integer(), nullable=True))
    op.add_column('review_comment', sa.Column('quote', sa.Text(), nullable=False, server_default=''))
    op.alter_column('review_comment', 'quote', server_default=None)
    op.create_check_constraint(op.f('ck_review_comment_anchor_start_with_anchor_end'), 'review_comment', ANCHORED)


def alter_down() -> None:
    for column in ('quote', 'anchor_end', 'anchor_start'):
        op.drop_column('review_comment', column)
    op.drop_constraint('ck_review_assignment_state_known', 'review_assignment')
    op.create_check_constraint(op.f('ck_review_assignment_state_known'), 'review_assignment', OLD_STATES)
    op.alter_column('review_assignment', 'answered_at', new_column_name='declared_at')
    op.drop_column('review_assignment', 'reads_source')
    op.add_column('review_assignment', sa.Column('interests', sa.Text(), nullable=True))
    op.execute("UPDATE review_assignment SET interests = '' WHERE declared_at IS NOT NULL")
    op.create_check_constraint(op.f('ck_review_assignment_declared_at_with_interests'), 'review_assignment', INTERESTS_DECLARED)
