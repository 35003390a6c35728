"""Libraries, their scans, and who may see them."""

from revenge.contracts import catalog, library
from revenge.gateway.table import browse, delete, get, post, put

# fmt: off
LINES = (
    get("/api/v1/libraries", library.list_libraries, needs="libraries:list"),
    post("/api/v1/libraries", library.create_library, needs="libraries:create", status=201),
    get("/api/v1/libraries/{libraryId}", library.get_library, needs="libraries:get"),
    put("/api/v1/libraries/{libraryId}", library.update_library, needs="libraries:update"),
    delete("/api/v1/libraries/{libraryId}", library.delete_library, needs="libraries:delete"),
    post("/api/v1/libraries/{libraryId}/scan", library.start_scan, needs="libraries:scan",
         status=202),
    get("/api/v1/libraries/{libraryId}/scans", library.list_scans, needs="libraries:get"),
    delete("/api/v1/libraries/{libraryId}/scans/{scanId}", library.cancel_scan,
           needs="libraries:scan"),
    get("/api/v1/libraries/{libraryId}/failures", library.list_failures, needs="libraries:scan"),
    post("/api/v1/libraries/{libraryId}/failures/retry", library.retry_failures,
         needs="libraries:scan", status=202),
    get("/api/v1/libraries/{libraryId}/permissions", library.list_permissions,
        needs="libraries:update"),
    post("/api/v1/libraries/{libraryId}/permissions", library.grant_permission,
         needs="libraries:update", status=201),
    delete("/api/v1/libraries/{libraryId}/permissions/{userId}", library.revoke_permission,
           needs="libraries:update"),
    browse("/api/v1/genres", catalog.list_genres, needs="genres:list",
           follows=("movies", "tvshows")),
)
