-- One row per name under which an asset is written.
create table asset_alias (
    alias varchar not null,
    ticker varchar not null,
    language varchar not null,
    source varchar not null
);
