"""hide protocols in a country

Revision ID: a1f0c0de00e0
Revises: a1f0c0de00c0
Create Date: 2026-11-24 20:42:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de00e0'
down_revision = 'a1f0c0de00c0'
branch_labels = None
depends_on = None

SAID = 'protocol_id, country, reason_code, reference, hidden_by, hidden_at'
REASONS = "'court_order', 'authority_order', 'counsel', 'third_party'"
TRIGGERS = {
    'sqlite': (
        f"CREATE TRIGGER protocol_hiding_no_update BEFORE UPDATE OF {SAID} ON protocol_hiding BEGIN SELECT RAISE(ABORT, 'protocol_hiding is immutable'); END",
        "CREATE TRIGGER protocol_hiding_no_delete BEFORE DELETE ON protocol_hiding BEGIN SELECT RAISE(ABORT, 'protocol_hiding is immutable'); END",
    ),
    'postgresql': (
        f'CREATE TRIGGER protocol_hiding_no_update BEFORE UPDATE OF {SAID} ON protocol_hiding FOR EACH ROW EXECUTE FUNCTION refuse_change()',
        'CREATE TRIGGER protocol_hiding_no_delete BEFORE DELETE ON protocol_hiding FOR EACH ROW EXECUTE FUNCTION refuse_change()',
    ),
}


def upgrade() -> None:
    op.create_table('protocol_hiding',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('reason_code', sa.String(length=20), nullable=False),
    sa.Column('reference', sa.String(length=200), nullable=False),
    sa.Column('hidden_by', sa.Integer(), nullable=False),
    sa.Column('hidden_at', sa.DateTime(), nullable=False),
    sa.Column('lifted_by', sa.Integer(), nullable=True),
    sa.Column('lifted_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("country IN ('IR', 'RU')", name=op.f('ck_protocol_hiding_country_known')),
    sa.CheckConstraint(f'reason_code IN ({REASONS})', name=op.f('ck_protocol_hiding_reason_code_known')),
    sa.CheckConstraint('(lifted_at IS NULL) = (lifted_by IS NULL)', name=op.f('ck_protocol_hiding_lifted_at_with_lifted_by')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_protocol_hiding_protocol_id_protocol')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_protocol_hiding'))
    )
    op.create_index(op.f('ix_protocol_hiding_hidden_at'), 'protocol_hiding', ['hidden_at'], unique=False)
    op.create_index(
        'uq_protocol_hiding_standing', 'protocol_hiding', ['protocol_id', 'country'], unique=True,
        sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'),
    )
    for text in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(text)


def downgrade() -> None:
    op.drop_table('protocol_hiding')
