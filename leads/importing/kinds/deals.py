def load(work):
    pass
