"""keep what people discuss

Revision ID: a1f0c0de0060
Revises: a1f0c0de0050
Create Date: 2026-11-24 16:06:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0060'
down_revision = 'a1f0c0de0050'
branch_labels = None
depends_on = None


SQLITE = (
    "CREATE TRIGGER post_revision_no_update BEFORE UPDATE OF id, post_id, revision, lang, saved_by, saved_at ON post_revision BEGIN SELECT RAISE(ABORT, 'post_revision is immutable'); END",
    "CREATE TRIGGER post_revision_no_delete BEFORE DELETE ON post_revision BEGIN SELECT RAISE(ABORT, 'post_revision is immutable'); END",
    "CREATE TRIGGER post_revision_body_kept BEFORE UPDATE OF body ON post_revision WHEN NEW.body <> '' BEGIN SELECT RAISE(ABORT, 'post_revision is immutable'); END",
    "CREATE TRIGGER sanction_no_update BEFORE UPDATE OF id, user_id, reason_code, reason, issued_by, issued_at, ends_at ON sanction BEGIN SELECT RAISE(ABORT, 'sanction is immutable'); END",
    "CREATE TRIGGER sanction_no_delete BEFORE DELETE ON sanction BEGIN SELECT RAISE(ABORT, 'sanction is immutable'); END",
)
POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$",
    'CREATE TRIGGER post_revision_no_update BEFORE UPDATE OF id, post_id, revision, lang, saved_by, saved_at ON post_revision FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER post_revision_no_delete BEFORE DELETE ON post_revision FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    "CREATE TRIGGER post_revision_body_kept BEFORE UPDATE OF body ON post_revision FOR EACH ROW WHEN (NEW.body <> '') EXECUTE FUNCTION refuse_change()",
    'CREATE TRIGGER sanction_no_update BEFORE UPDATE OF id, user_id, reason_code, reason, issued_by, issued_at, ends_at ON sanction FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    'CREATE TRIGGER sanction_no_delete BEFORE DELETE ON sanction FOR EACH ROW EXECUTE FUNCTION refuse_change()',
)


def upgrade() -> None:
    op.create_table('sanction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('reason_code', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('issued_by', sa.Integer(), nullable=False),
    sa.Column('issued_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('lifted_by', sa.Integer(), nullable=True),
    sa.Column('lifted_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("reason_code IN ('patient', 'dangerous', 'promotion', 'insult', 'off_topic', 'other')", name=op.f('ck_sanction_reason_code_known')),
    sa.CheckConstraint("state IN ('issued', 'lifted')", name=op.f('ck_sanction_state_known')),
    sa.CheckConstraint('(lifted_at IS NULL) = (lifted_by IS NULL)', name=op.f('ck_sanction_lifted_at_with_lifted_by')),
    sa.ForeignKeyConstraint(['issued_by'], ['user.id'], name=op.f('fk_sanction_issued_by_user')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_sanction_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sanction'))
    )
    op.create_index(op.f('ix_sanction_user_id_ends_at'), 'sanction', ['user_id', 'ends_at'], unique=False)
    op.create_table('thread',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('about', sa.String(length=10), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('block_key', sa.String(length=36), nullable=False),
    sa.Column('alert_ref', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=150), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('last_post_at', sa.DateTime(), nullable=False),
    sa.Column('settled_by', sa.Integer(), nullable=True),
    sa.Column('settled_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("about IN ('protocol', 'version', 'block', 'alert', 'nothing')", name=op.f('ck_thread_about_known')),
    sa.CheckConstraint("kind IN ('question', 'experience', 'case', 'dispute')", name=op.f('ck_thread_kind_known')),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_thread_lang_known')),
    sa.CheckConstraint('(settled_at IS NULL) = (settled_by IS NULL)', name=op.f('ck_thread_settled_at_with_settled_by')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_thread_author_id_user')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_thread_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_thread_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_thread'))
    )
    op.create_index(op.f('ix_thread_author_id'), 'thread', ['author_id'], unique=False)
    op.create_index(op.f('ix_thread_kind_last_post_at'), 'thread', ['kind', 'last_post_at'], unique=False)
    op.create_index(op.f('ix_thread_last_post_at'), 'thread', ['last_post_at'], unique=False)
    op.create_index(op.f('ix_thread_protocol_id_last_post_at'), 'thread', ['protocol_id', 'last_post_at'], unique=False)
    op.create_table('post',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('opens', sa.Boolean(), nullable=False),
    sa.Column('reply_to_id', sa.Integer(), nullable=True),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('signs_removed', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('once', sa.String(length=36), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('edited_at', sa.DateTime(), nullable=True),
    sa.Column('reason_code', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_post_lang_known')),
    sa.CheckConstraint("reason_code IN ('patient', 'dangerous', 'promotion', 'insult', 'off_topic', 'other', '')", name=op.f('ck_post_reason_code_known')),
    sa.CheckConstraint("state IN ('visible', 'held', 'hidden', 'removed', 'deleted')", name=op.f('ck_post_state_known')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_post_decided_at_with_decided_by')),
    sa.ForeignKeyConstraint(['author_id'], ['user.id'], name=op.f('fk_post_author_id_user')),
    sa.ForeignKeyConstraint(['reply_to_id'], ['post.id'], name=op.f('fk_post_reply_to_id_post')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_post_thread_id_thread')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('author_id', 'once', name=op.f('uq_post_author_id_once'))
    )
    op.create_index(op.f('ix_post_state_created_at'), 'post', ['state', 'created_at'], unique=False)
    op.create_index(op.f('ix_post_thread_id_id'), 'post', ['thread_id', 'id'], unique=False)
    op.create_index('uq_post_opening', 'post', ['thread_id'], unique=True, sqlite_where=sa.text('opens'), postgresql_where=sa.text('opens'))
    op.create_table('appeal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=True),
    sa.Column('sanction_id', sa.Integer(), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('open', 'granted', 'refused')", name=op.f('ck_appeal_state_known')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_appeal_decided_at_with_decided_by')),
    sa.CheckConstraint('(post_id IS NULL) <> (sanction_id IS NULL)', name=op.f('ck_appeal_one_subject')),
    sa.ForeignKeyConstraint(['made_by'], ['user.id'], name=op.f('fk_appeal_made_by_user')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_appeal_post_id_post')),
    sa.ForeignKeyConstraint(['sanction_id'], ['sanction.id'], name=op.f('fk_appeal_sanction_id_sanction')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appeal'))
    )
    op.create_index(op.f('ix_appeal_post_id'), 'appeal', ['post_id'], unique=False)
    op.create_index(op.f('ix_appeal_sanction_id'), 'appeal', ['sanction_id'], unique=False)
    op.create_index(op.f('ix_appeal_state_made_at'), 'appeal', ['state', 'made_at'], unique=False)
    op.create_table('case_form',
    sa.Column('thread_id', sa.Integer(), nullable=False),
    sa.Column('age_band', sa.String(length=10), nullable=False),
    sa.Column('sex', sa.String(length=10), nullable=False),
    sa.Column('substances', sa.JSON(), nullable=False),
    sa.Column('setting', sa.String(length=60), nullable=False),
    sa.Column('tried', sa.Text(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=True),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.Column('followed_at', sa.DateTime(), nullable=True),
    sa.Column('follow_up_post_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("age_band IN ('under_18', '18_24', '25_34', '35_44', '45_54', '55_over')", name=op.f('ck_case_form_age_band_known')),
    sa.CheckConstraint("outcome IN ('better', 'same', 'worse', 'left', 'unknown', '')", name=op.f('ck_case_form_outcome_known')),
    sa.CheckConstraint("sex IN ('female', 'male', 'not_said')", name=op.f('ck_case_form_sex_known')),
    sa.ForeignKeyConstraint(['follow_up_post_id'], ['post.id'], name=op.f('fk_case_form_follow_up_post_id_post')),
    sa.ForeignKeyConstraint(['thread_id'], ['thread.id'], name=op.f('fk_case_form_thread_id_thread')),
    sa.PrimaryKeyConstraint('thread_id', name=op.f('pk_case_form'))
    )
    op.create_index(op.f('ix_case_form_followed_at_due_on'), 'case_form', ['followed_at', 'due_on'], unique=False)
    op.create_table('post_flag',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('flagged_by', sa.Integer(), nullable=False),
    sa.Column('flagged_at', sa.DateTime(), nullable=False),
    sa.Column('reason', sa.String(length=10), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('hid', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('due_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("reason IN ('patient', 'dangerous', 'promotion', 'insult', 'off_topic', 'other')", name=op.f('ck_post_flag_reason_known')),
    sa.CheckConstraint("state IN ('open', 'agreed', 'disagreed', 'ignored')", name=op.f('ck_post_flag_state_known')),
    sa.CheckConstraint('(decided_at IS NULL) = (decided_by IS NULL)', name=op.f('ck_post_flag_decided_at_with_decided_by')),
    sa.ForeignKeyConstraint(['flagged_by'], ['user.id'], name=op.f('fk_post_flag_flagged_by_user')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_flag_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_flag'))
    )
    op.create_index(op.f('ix_post_flag_flagged_by_state'), 'post_flag', ['flagged_by', 'state'], unique=False)
    op.create_index(op.f('ix_post_flag_state_due_at'), 'post_flag', ['state', 'due_at'], unique=False)
    op.create_index('uq_post_flag_open', 'post_flag', ['post_id', 'flagged_by'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.create_table('post_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('saved_by', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_post_revision_lang_known')),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_revision_post_id_post')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post_revision')),
    sa.UniqueConstraint('post_id', 'revision', name=op.f('uq_post_revision_post_id_revision'))
    )
    op.create_table('post_useful',
    sa.Column('post_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['post_id'], ['post.id'], name=op.f('fk_post_useful_post_id_post')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_post_useful_user_id_user')),
    sa.PrimaryKeyConstraint('post_id', 'user_id', name=op.f('pk_post_useful'))
    )

    for text in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(text)


def downgrade() -> None:
    op.drop_table('post_useful')
    op.drop_table('post_revision')
    op.drop_index('uq_post_flag_open', table_name='post_flag', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
    op.drop_index(op.f('ix_post_flag_state_due_at'), table_name='post_flag')
    op.drop_index(op.f('ix_post_flag_flagged_by_state'), table_name='post_flag')
    op.drop_table('post_flag')
    op.drop_index(op.f('ix_case_form_followed_at_due_on'), table_name='case_form')
    op.drop_table('case_form')
    op.drop_index(op.f('ix_appeal_state_made_at'), table_name='appeal')
    op.drop_index(op.f('ix_appeal_sanction_id'), table_name='appeal')
    op.drop_index(op.f('ix_appeal_post_id'), table_name='appeal')
    op.drop_table('appeal')
    op.drop_index('uq_post_opening', table_name='post', sqlite_where=sa.text('opens'), postgresql_where=sa.text('opens'))
    op.drop_index(op.f('ix_post_thread_id_id'), table_name='post')
    op.drop_index(op.f('ix_post_state_created_at'), table_name='post')
    op.drop_table('post')
    op.drop_index(op.f('ix_thread_protocol_id_last_post_at'), table_name='thread')
    op.drop_index(op.f('ix_thread_last_post_at'), table_name='thread')
    op.drop_index(op.f('ix_thread_kind_last_post_at'), table_name='thread')
    op.drop_index(op.f('ix_thread_author_id'), table_name='thread')
    op.drop_table('thread')
    op.drop_index(op.f('ix_sanction_user_id_ends_at'), table_name='sanction')
    op.drop_table('sanction')
