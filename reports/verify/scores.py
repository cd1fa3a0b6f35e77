"""Heat and fit against the touches and facts."""


def differences(cursor):
    """Leads whose stored heat is not that of their touches."""
    return ()
