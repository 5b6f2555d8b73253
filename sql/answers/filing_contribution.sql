-- One row per year, role and asset: what a filing in force brings to the figures now (paras 3 and 11).
--
-- No row for a filing that is not in force.
create macro filing_contribution(number) as table
    select
        income_part.year,
        income_part.role,
        income_part.asset,
        count(distinct income_part.taxpayer_id) as taxpayers,
        sum(income_part.quantity) as quantity,
        sum(income_part.unvalued_quantity) as unvalued_quantity,
        sum(income_part.income_kzt) as income_kzt
    from internal.income_part
    inner join internal.in_force_as_known_on(internal.last_moment()) as in_force
        on income_part.filing_key = in_force.filing_key
    inner join examination
        on
            income_part.filing_key = examination.filing_key
            and income_part.examination_no = examination.examination_no
    where
        in_force.registration_no = number::varchar
        and examination.is_latest
        and income_part.known_to = internal.last_moment()
    group by income_part.year, income_part.role, income_part.asset;
