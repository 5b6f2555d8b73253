-- One row per part of a filing and moment at which it began or ceased to count, with the cause of that.
--
-- A part (reported_part) counts while its filing is in force and its prices and rates are: it comes with its own sign
-- when that begins and with the opposite one when it ends. A part between price and rate (daily_asset_due) does both at
-- one moment.
create view internal.part_turn as
with sides as (
    select unnest([1, -1]) as sign
),

turns as (
    select
        reported_part.filing_key,
        reported_part.year,
        reported_part.role,
        reported_part.taxpayer_id,
        reported_part.asset,
        reported_part.share,
        sides.sign * reported_part.quantity as quantity_difference,
        sides.sign * reported_part.unvalued_quantity as unvalued_difference,
        sides.sign * reported_part.income_kzt as income_kzt_difference,
        reported_part.revised_by,
        sides.sign,
        reported_part.known_from = reported_part.known_to as is_between,
        case sides.sign
            when 1 then greatest(in_force_span.in_force_from, reported_part.known_from)
            else least(in_force_span.in_force_to, reported_part.known_to)
        end as moment,
        case sides.sign
            when 1 then in_force_span.in_force_from >= reported_part.known_from
            else in_force_span.in_force_to <= reported_part.known_to
        end as is_of_filing,
        in_force_span.pool_id,
        in_force_span.period,
        in_force_span.registration_no,
        case sides.sign when 1 then in_force_span.begun_by else in_force_span.ended_by end as filing_cause,
        case sides.sign when 1 then in_force_span.begun_by_no else in_force_span.ended_by_no end as filing_no,
        case sides.sign
            when 1 then in_force_span.begun_by_examination_no
            else in_force_span.ended_by_examination_no
        end as examination_no
    from internal.reported_part
    inner join internal.in_force_span
        on
            reported_part.filing_key = in_force_span.filing_key
            and reported_part.examination_no = in_force_span.examination_no
            and reported_part.known_from < in_force_span.in_force_to
            and reported_part.known_to > in_force_span.in_force_from
    cross join sides
),

explained as (
    select
        turns.*,
        version_moment.price_sha256,
        version_moment.exchange_rate_sha256,
        case
            when turns.is_of_filing then turns.filing_cause
            when turns.revised_by is not null then 'code_version'
            when version_moment.price_sha256 is null then 'exchange_rate'
            when version_moment.exchange_rate_sha256 is null then 'price'
            when turns.is_between = (turns.sign = 1) then 'price'
            else 'exchange_rate'
        end as cause
    from turns
    left join internal.version_moment on turns.moment = version_moment.moment
    where turns.moment < internal.last_moment()
)

select
    filing_key,
    moment,
    cause,
    case
        when cause = 'price' then 'price ' || left(price_sha256, 8)
        when cause = 'exchange_rate' then 'exchange_rate ' || left(exchange_rate_sha256, 8)
        when cause = 'code_version' then revised_by
        when cause = 'reexamination' then filing_no || ' examination ' || examination_no::varchar
        else filing_no
    end as reference,
    case when is_of_filing then filing_no else registration_no end as registration_no,
    pool_id,
    period,
    year,
    role,
    taxpayer_id,
    asset,
    share,
    case when is_of_filing then examination_no end as examination_no,
    quantity_difference,
    unvalued_difference,
    income_kzt_difference
from explained;
