-- One row per year, role and asset: what a filing in force brings to the figures now (paras 3 and 11).
--
-- No row for a filing that is not in force.
create macro filing_contribution(number) as table
    select
        current_part.year,
        current_part.role,
        current_part.asset,
        count(distinct current_part.taxpayer_id) as taxpayers,
        sum(current_part.quantity) as quantity,
        sum(current_part.unvalued_quantity) as unvalued_quantity,
        sum(current_part.income_kzt) as income_kzt
    from internal.current_part
    inner join internal.in_force_as_known_on(internal.last_moment()) as in_force
        on current_part.filing_key = in_force.filing_key
    where in_force.registration_no = number::varchar
    group by current_part.year, current_part.role, current_part.asset;
