"""name what is ranked

Pages said "city" in every study. A study now has a noun of its own
for it, in each language with its plural forms; without one it is a city.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("study", sa.Column("unit", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("study", "unit")
