"""Setting up, signing in, and what people may do with their own accounts and keys."""

from revenge.contracts import auth
from revenge.gateway.table import delete, get, post, put

# fmt: off
LINES = (
    get("/api/v1/setup", auth.get_setup, needs=None),
    post("/api/v1/setup", auth.complete_setup, needs=None, status=201, guesses=True),
    post("/api/v1/auth/login", auth.login, needs=None, guesses=True),
    post("/api/v1/auth/refresh", auth.refresh, needs=None, guesses=True),
    post("/api/v1/auth/logout", auth.logout, needs="profile:read", status=204),
    post("/api/v1/auth/change-password", auth.change_password, needs="profile:update", status=204,
         guesses=True),
    get("/api/v1/users/me", auth.get_me, needs="profile:read"),
    put("/api/v1/users/me", auth.update_me, needs="profile:update"),
    get("/api/v1/users/{userId}", auth.get_user, needs="users:get"),
    get("/api/v1/apikeys", auth.list_api_keys, needs="apikeys:list"),
    post("/api/v1/apikeys", auth.create_api_key, needs="apikeys:create", status=201),
    get("/api/v1/apikeys/{keyId}", auth.get_api_key, needs="apikeys:get"),
    delete("/api/v1/apikeys/{keyId}", auth.delete_api_key, needs="apikeys:delete"),
)
