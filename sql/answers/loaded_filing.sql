-- One row per filing that the warehouse knows: whether it has a verdict.
create macro loaded_filing() as table
    select
        registered.registration_no,
        examination.filing_key is not null as has_verdict
    from internal.registered
    left join examination on registered.filing_key = examination.filing_key and examination.is_latest;
