"""How work gets done, knowing no funnel: hints, outbox, job runs, sweeping, loading by COPY, embedded servers."""
