"""How the tables come to be: Alembic's steps in `versions`, run by `env.py` when `python -m records migrate` asks."""
