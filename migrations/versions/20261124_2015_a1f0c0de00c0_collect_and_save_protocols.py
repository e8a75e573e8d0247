"""collect and save protocols

Revision ID: a1f0c0de00c0
Revises: a1f0c0de00b0
Create Date: 2026-11-24 20:15:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = 'a1f0c0de00c0'
down_revision = 'a1f0c0de00b0'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('collection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.String(length=12), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('demonstration', sa.Boolean(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name=op.f('ck_collection_state_known')),
    sa.ForeignKeyConstraint(['created_by'], ['user.id'], name=op.f('fk_collection_created_by_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collection')),
    sa.UniqueConstraint('public_id', name=op.f('uq_collection_public_id'))
    )
    op.create_table('collection_text',
    sa.Column('collection_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('introduction', sa.Text(), nullable=False),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_collection_text_lang_known')),
    sa.ForeignKeyConstraint(['collection_id'], ['collection.id'], name=op.f('fk_collection_text_collection_id_collection')),
    sa.PrimaryKeyConstraint('collection_id', 'lang', name=op.f('pk_collection_text'))
    )
    op.create_table('collection_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('collection_id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('added_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['collection_id'], ['collection.id'], name=op.f('fk_collection_item_collection_id_collection')),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_collection_item_protocol_id_protocol')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collection_item')),
    sa.UniqueConstraint('collection_id', 'protocol_id', name=op.f('uq_collection_item_collection_id_protocol_id'))
    )
    op.create_index(op.f('ix_collection_item_protocol_id'), 'collection_item', ['protocol_id'], unique=False)
    op.create_table('collection_note',
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('lang', sa.String(length=2), nullable=False),
    sa.Column('text', sa.String(length=300), nullable=False),
    sa.CheckConstraint("lang IN ('en', 'ru', 'fa')", name=op.f('ck_collection_note_lang_known')),
    sa.ForeignKeyConstraint(['item_id'], ['collection_item.id'], name=op.f('fk_collection_note_item_id_collection_item'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('item_id', 'lang', name=op.f('pk_collection_note'))
    )
    op.create_table('bookmark',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('protocol_id', sa.Integer(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['protocol_id'], ['protocol.id'], name=op.f('fk_bookmark_protocol_id_protocol')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_bookmark_user_id_user'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['version_id'], ['protocol_version.id'], name=op.f('fk_bookmark_version_id_protocol_version')),
    sa.PrimaryKeyConstraint('user_id', 'protocol_id', name=op.f('pk_bookmark'))
    )
    op.create_index(op.f('ix_bookmark_protocol_id'), 'bookmark', ['protocol_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_bookmark_protocol_id'), table_name='bookmark')
    op.drop_table('bookmark')
    op.drop_table('collection_note')
    op.drop_index(op.f('ix_collection_item_protocol_id'), table_name='collection_item')
    op.drop_table('collection_item')
    op.drop_table('collection_text')
    op.drop_table('collection')
