"""Settings of the background: the broker carries hints only, so every publish is bounded and no result is ever stored."""

from celery.schedules import crontab

CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 0.5,
    "socket_timeout": 1.0,
    "retry_on_timeout": False,
    "max_retries": 0,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False
CELERY_TASK_TIME_LIMIT = 120
CELERY_TASK_SOFT_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
# Else every task begins with a new connection, several times a second; config.celery closes what is old.
CELERY_DB_REUSE_MAX = 1_000_000_000
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_DEFAULT_QUEUE = "score"
CELERY_TASK_ROUTES = {
    "leads.tasks.score": {"queue": "score"},
    "leads.tasks.judge": {"queue": "score"},
    "leads.tasks.train": {"queue": "import"},
    "leads.tasks.assign": {"queue": "assign"},
    "leads.tasks.expire": {"queue": "assign"},
    "leads.tasks.renew": {"queue": "assign"},
    "leads.tasks.promise": {"queue": "assign"},
    "leads.tasks.settle": {"queue": "assign"},
    "leads.tasks.remind": {"queue": "assign"},
    "leads.tasks.watch": {"queue": "score"},
    "leads.tasks.forget": {"queue": "import"},
    "leads.tasks.import_files": {"queue": "import"},
    "leads.tasks.look_ahead": {"queue": "import"},
    "leads.tasks.compare": {"queue": "import"},
    "reports.tasks.rollup": {"queue": "rollup"},
    "reports.tasks.learn_attribution": {"queue": "rollup"},
    "reports.tasks.relearn_attribution": {"queue": "rollup"},
    "reports.tasks.forecast": {"queue": "rollup"},
    "reports.tasks.send_digests": {"queue": "deliver"},
    "reports.tasks.remind": {"queue": "rollup"},
    "engine.tasks.deliver": {"queue": "deliver"},
    "engine.tasks.run_errands": {"queue": "import"},
    "demo.tasks.fulfil": {"queue": "import"},
}
CELERY_BEAT_SCHEDULE = {
    "score": {"task": "leads.tasks.score", "schedule": 5.0, "options": {"expires": 5}},
    "assign": {"task": "leads.tasks.assign", "schedule": 5.0, "options": {"expires": 5}},
    "expire": {"task": "leads.tasks.expire", "schedule": 5.0, "options": {"expires": 5}},
    "rollup": {"task": "reports.tasks.rollup", "schedule": 2.0, "options": {"expires": 2}},
    "deliver": {"task": "engine.tasks.deliver", "schedule": 5.0, "options": {"expires": 5}},
    "errands": {"task": "engine.tasks.run_errands", "schedule": 5.0, "options": {"expires": 5}},
    "import": {"task": "leads.tasks.import_files", "schedule": 5.0, "options": {"expires": 5}},
    "look": {"task": "leads.tasks.look_ahead", "schedule": 5.0, "options": {"expires": 5}},
    "compare": {"task": "leads.tasks.compare", "schedule": 10.0, "options": {"expires": 10}},
    "judge": {"task": "leads.tasks.judge", "schedule": 5.0, "options": {"expires": 5}},
    "train": {"task": "leads.tasks.train", "schedule": 3600.0, "options": {"expires": 600}},
    "renew": {"task": "leads.tasks.renew", "schedule": 60.0, "options": {"expires": 60}},
    "promise": {"task": "leads.tasks.promise", "schedule": 60.0, "options": {"expires": 60}},
    "settle": {"task": "leads.tasks.settle", "schedule": 60.0, "options": {"expires": 60}},
    "remind": {"task": "leads.tasks.remind", "schedule": crontab(minute=7)},
    "watch": {"task": "leads.tasks.watch", "schedule": 60.0, "options": {"expires": 60}},
    "forget": {"task": "leads.tasks.forget", "schedule": crontab(minute=47, hour=3)},
    "shifts": {"task": "reports.tasks.remind", "schedule": 600.0, "options": {"expires": 600}},
    "tidy": {"task": "engine.tasks.tidy", "schedule": crontab(minute=17, hour=3)},
    "attribution": {"task": "reports.tasks.learn_attribution", "schedule": crontab(minute=37, hour=3)},
    "relearn": {"task": "reports.tasks.relearn_attribution", "schedule": 10.0, "options": {"expires": 10}},
    "forecast": {"task": "reports.tasks.forecast", "schedule": 900.0, "options": {"expires": 600}},
    "digests": {"task": "reports.tasks.send_digests", "schedule": 900.0, "options": {"expires": 600}},
}
# What is due, by name, so that the engine never imports a business app. Each callable takes no argument,
# does one bounded batch of what it finds due and returns how many rows it finished (0: nothing was due).
SWEEP = {
    "score": "leads.scoring.score_due",
    "judge": "leads.learning.chances.judge_due",
    "train": "leads.learning.chances.train_due",
    "moments": "leads.moments.detect_due",
    "warn": "leads.notices.warn_due",
    "expire": "leads.handoffs.expire_due",
    "fade": "leads.handoffs.warn_due",
    "assign": "leads.assignment.assign_due",
    "books": "leads.books.back_due",
    "structure": "accounts.dated.put_in_force",
    "promise": "leads.desk_promises.keep_due",
    "settle": "leads.disputes.close_due",
    "settle_cases": "leads.cases.close_due",
    "renew": "leads.closing.renew_due",
    "remind": "leads.notices.remind_due",
    "watch": "leads.usage.judge_due",
    "forget": "pipeline.readings.forget_due",
    "rollup": "reports.rollups.roll_due",
    "relearn": "reports.attribution.learning.learn_due",
    "forecast": "reports.forecast.keep",
    "digests": "reports.digests.send_due",
    "shifts": "reports.shifts.remind_due",
    "deliver": "engine.outbox.deliver_due",
    "errands": "engine.errands.do_due",
    "import": "leads.importing.run_due",
    "look": "leads.importing.look_due",
    "undo": "leads.importing.undo_due",
    "numbers": "leads.dedupe.read_due",
    "compare": "leads.dedupe.compare_due",
    "demo": "demo.wishes.fulfil_due",
}

# Who carries out which kind of delivery of the outbox: fn(payload, delivery_id), raises when it could not.
OUTBOX = {"mail": "engine.mailing.send", "robot": "leads.robots.send"}
# Who is named beside the kind of a delivery: fn(payloads) -> {position: name}, in one statement.
OUTBOX_NAMES = {"robot": "leads.robots.names"}
# Who does which kind of errand: fn(payload, actor id), raises engine.errands.Refused where it cannot be done.
ERRANDS = {"month": "reports.months.orders.carry_out", "rate": "pipeline.rates.carry_out"}
# What `manage.py up` tells once it serves: the first admin's link ("" when there is somebody) and the demo's
# lines, with a login for each role.
FIRST_ADMIN_LINK = "accounts.invitations.first_admin_link"
DEMO_GREETING = "demo.logins.greeting"
