-- One row per role in which an accepted correction moved figures: how many, of how many taxpayers, the tenge together.
create macro filing_effect_total(number) as table
    select
        role,
        count(*) as figures,
        count(distinct taxpayer_id) as taxpayers,
        sum(income_kzt_difference) as income_kzt_difference
    from filing_effect
    where registration_no = number::varchar
    group by role;
