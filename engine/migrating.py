"""Operations for migrations that make many tables at once."""

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """These operations as one: Django draws its models once after all of them, and not after each.

    Each model drawn again draws whatever is related to it, so a hundred of them one by one take minutes of a slow machine.
    """

    def __init__(self, *operations):
        self.operations = operations

    def deconstruct(self):
        """As it stands in a migration file."""
        return self.__class__.__name__, list(self.operations), {}

    def state_forwards(self, app_label, state):
        """Let go of the models as drawn; whoever asks for them next draws them."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """One after the other."""
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """The last one first."""
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        """The line that `migrate --plan` prints."""
        return "; ".join(operation.describe() for operation in self.operations)


class Settle(Operation):
    """Make now the indexes and keys that Django keeps for the end of a migration: what follows needs them."""

    def state_forwards(self, app_label, state):
        """Models stay as they are."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        """Run what waits, in its order."""
        waiting, schema_editor.deferred_sql = schema_editor.deferred_sql, []
        for statement in waiting:
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        """Tables take their indexes and keys with them."""

    def describe(self):
        """The line that `migrate --plan` prints."""
        return "Make the indexes and keys that wait"
