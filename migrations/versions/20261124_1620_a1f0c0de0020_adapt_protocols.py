"""adapt protocols

Revision ID: a1f0c0de0020
Revises: a1f0c0de0070
Create Date: 2026-11-24 16:20:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de0020'
down_revision = 'a1f0c0de0070'
branch_labels = None
depends_on = None

AFTER = {
    'sqlite': [
        "CREATE TRIGGER fork_decision_no_delete BEFORE DELETE ON fork_decision BEGIN SELECT RAISE(ABORT, 'fork_decision is immutable'); END",
        "CREATE TRIGGER fork_decision_no_update BEFORE UPDATE ON fork_decision BEGIN SELECT RAISE(ABORT, 'fork_decision is immutable'); END",
        "CREATE TRIGGER protocol_fork_no_delete BEFORE DELETE ON protocol_fork BEGIN SELECT RAISE(ABORT, 'protocol_fork is immutable'); END",
        "CREATE TRIGGER protocol_fork_no_update BEFORE UPDATE ON protocol_fork BEGIN SELECT RAISE(ABORT, 'protocol_fork is immutable'); END",
        "CREATE TRIGGER rationale_sealed_insert BEFORE INSERT ON rationale WHEN (SELECT published_at FROM protocol_version WHERE id = NEW.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
        "CREATE TRIGGER rationale_sealed_update BEFORE UPDATE ON rationale WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
        "CREATE TRIGGER rationale_sealed_delete BEFORE DELETE ON rationale WHEN (SELECT published_at FROM protocol_version WHERE id = OLD.version_id) IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version is immutable'); END",
    ],
    'postgresql': [
        'CREATE TRIGGER fork_decision_no_delete BEFORE DELETE ON fork_decision FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER fork_decision_no_update BEFORE UPDATE ON fork_decision FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER protocol_fork_no_delete BEFORE DELETE ON protocol_fork FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER protocol_fork_no_update BEFORE UPDATE ON protocol_fork FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER rationale_sealed BEFORE INSERT OR UPDATE OR DELETE ON rationale FOR EACH ROW EXECUTE FUNCTION protocol_part_sealed()',
    ],
}


def upgrade() -> None:
    op.create_table('protocol_fork',
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('parent_version_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('forked_by', sa.Integer(), nullable=False),
    sa.Column('forked_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("kind IN ('adaptation', 'merge', 'update')", name=op.f('ck_protocol_fork_kind_known')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_protocol_fork_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['parent_version_id'], ['protocol_version.id'], name=op.f('fk_protocol_fork_parent_version_id_protocol_version')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_protocol_fork_protocol_id_protocol')),
    sa.PrimaryKeyConstraint('protocol_id', name=op.f('pk_protocol_fork'))
    )
    op.create_index(op.f('ix_protocol_fork_parent_version_id'), 'protocol_fork', ['parent_version_id'], unique=False)
    op.create_table('fork_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('parent_version_id', sa.Integer(), nullable=False),
    sa.Column('block_key', sa.String(length=36), nullable=False),
    sa.Column('decision', sa.String(length=8), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=False),
    sa.CheckConstraint("decision <> 'ignore' OR reason <> ''", name=op.f('ck_fork_decision_ignored_with_reason')),
    sa.CheckConstraint("decision IN ('take', 'ignore', 'later')", name=op.f('ck_fork_decision_decision_known')),
    sa.ForeignKeyConstraint(['parent_version_id'], ['protocol_version.id'], name=op.f('fk_fork_decision_parent_version_id_protocol_version')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_fork_decision_protocol_id_protocol')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fork_decision'))
    )
    op.create_index(op.f('ix_fork_decision_protocol_id_block_key'), 'fork_decision', ['protocol_id', 'block_key'], unique=False)
    op.create_table('rationale',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=16), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.CheckConstraint("name IN ('problem', 'benefits', 'harms', 'values', 'resources', 'equity', 'acceptability', 'feasibility')", name=op.f('ck_rationale_name_known')),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_rationale_version_id_protocol_version'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rationale')),
    sa.UniqueConstraint('version_id', 'name', name=op.f('uq_rationale_version_id_name'))
    )
    op.add_column('protocol_reference', sa.Column('permission', sa.Text(), server_default='', nullable=False))
    op.add_column('protocol_reference', sa.Column('notice', sa.Text(), server_default='', nullable=False))
    for statement in AFTER[op.get_bind().dialect.name]:
        op.execute(sa.text(statement.replace(':', '\\:')))


def downgrade() -> None:
    op.drop_column('protocol_reference', 'notice')
    op.drop_column('protocol_reference', 'permission')
    op.drop_table('rationale')
    op.drop_index(op.f('ix_fork_decision_protocol_id_block_key'), table_name='fork_decision')
    op.drop_table('fork_decision')
    op.drop_index(op.f('ix_protocol_fork_parent_version_id'), table_name='protocol_fork')
    op.drop_table('protocol_fork')
