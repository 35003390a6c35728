"""What administrators look after: users, webhooks, jobs.

Everybody may list their own notifications, but an address that is told of events is for those
who may change it.
"""

from revenge.contracts import auth, jobs, notification
from revenge.gateway.table import delete, get, post, put

WEBHOOKS = "/api/v1/admin/notifications/webhooks"

# fmt: off
LINES = (
    get("/api/v1/admin/users", auth.list_users, needs="users:list"),
    post("/api/v1/admin/users", auth.create_user, needs="users:create", status=201),
    delete("/api/v1/admin/users/{userId}", auth.delete_user, needs="users:delete"),
    get(WEBHOOKS, notification.list_webhooks, needs="notifications:update"),
    post(WEBHOOKS, notification.create_webhook, needs="notifications:create", status=201),
    get(f"{WEBHOOKS}/{{webhookId}}", notification.get_webhook, needs="notifications:update"),
    put(f"{WEBHOOKS}/{{webhookId}}", notification.update_webhook, needs="notifications:update"),
    delete(f"{WEBHOOKS}/{{webhookId}}", notification.delete_webhook,
           needs="notifications:delete"),
    post(f"{WEBHOOKS}/{{webhookId}}/test", notification.test_webhook,
         needs="notifications:update", status=202),
    get("/api/v1/admin/jobs", jobs.list_jobs, needs="jobs:list"),
    get("/api/v1/admin/jobs/{id}", jobs.get_job, needs="jobs:get"),
    post("/api/v1/admin/jobs/{id}/retry", jobs.retry_job, needs="jobs:update", status=204),
    delete("/api/v1/admin/jobs/{id}", jobs.discard_job, needs="jobs:delete"),
)
