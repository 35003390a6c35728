-- The private halves are sealed with AES-GCM; the public ones are JSON Web Keys (RFC 8037).
create table signing_key (
    kid        text primary key,
    public     jsonb not null,
    private    bytea not null,
    created_at timestamptz not null default now()
);
