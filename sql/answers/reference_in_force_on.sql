-- One row per reference file that had been accepted by a moment: the version that counted then.
create macro reference_in_force_on(reported_on) as table
    select
        name,
        sha256,
        accepted_at,
        row_count
    from reference_history
    where known_from <= reported_on::timestamptz
    qualify row_number() over (partition by name order by version_no desc) = 1;
