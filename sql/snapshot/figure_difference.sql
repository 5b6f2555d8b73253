-- One row per filing, examination, month, role, taxpayer, asset and share of which the code of now gives another figure
-- than the published snapshot, for the same knowledge: by how much (new less old). The rows of a figure_revision.
--
-- Compared are parts in force of examinations that both know, as long as both know the same versions of prices and
-- rates. The published snapshot is attached as published.
with reported_versions as (
    select
        name,
        sha256,
        accepted_at
    from published.reference_version
    where name in ('price', 'exchange_rate')
),

knowledge as (
    select
        published_on.moment as reported_on,
        (
            select coalesce(min(later.moment), internal.last_moment())
            from internal.version_moment as later
            where later.moment > published_on.moment
        ) as reported_until
    from (
        select coalesce(max(accepted_at), internal.first_moment()) as moment from reported_versions
    ) as published_on
),

versions as (
    select
        reference_history.name,
        arg_max(reference_history.sha256, reference_history.version_no) as sha256
    from reference_history
    cross join knowledge
    where
        reference_history.name in ('price', 'exchange_rate')
        and reference_history.known_from <= knowledge.reported_on
    group by reference_history.name
),

comparable as (
    select
        examination_span.registration_no,
        examination_span.filing_key,
        examination_span.examination_no
    from internal.examination_span
    inner join published.examination as before
        on
            examination_span.filing_key = before.filing_key
            and examination_span.examination_no = before.examination_no
    cross join knowledge
    where
        before.is_latest
        and before.accepted_from is not null
        and examination_span.counts_to = internal.last_moment()
        and examination_span.figures_from < knowledge.reported_until
        and not exists (
            (select
                name,
                sha256
            from versions
            except
            select
                name,
                sha256
            from reported_versions)
            union all
            (select
                name,
                sha256
            from reported_versions
            except
            select
                name,
                sha256
            from versions)
        )
),

parts as (
    select
        1 as sign,
        income_part.*
    from internal.income_part
    cross join knowledge
    where
        income_part.known_from <= knowledge.reported_on
        and (income_part.known_to > knowledge.reported_on or income_part.known_to = internal.last_moment())
    union all by name
    select
        -1 as sign,
        before.*
    from published.internal.income_part as before
    where before.known_to = internal.last_moment()
)

select
    made.built_at as moment,
    made_before.code_version as code_version_before,
    made.code_version as code_version_after,
    comparable.registration_no,
    parts.filing_key,
    parts.examination_no,
    parts.year,
    parts.period,
    parts.role,
    parts.taxpayer_id,
    parts.asset,
    parts.share,
    coalesce(parts.is_undecided, false) as is_undecided,
    sum(parts.sign * parts.quantity)::decimal(38, 18) as quantity_difference,
    sum(parts.sign * parts.valued_quantity)::decimal(38, 18) as valued_difference,
    sum(parts.sign * parts.unvalued_quantity)::decimal(38, 18) as unvalued_difference,
    sum(parts.sign * parts.income_kzt)::decimal(38, 12) as income_kzt_difference
from parts
inner join comparable
    on parts.filing_key = comparable.filing_key and parts.examination_no = comparable.examination_no
cross join build as made
cross join published.build as made_before
group by all
having
    quantity_difference <> 0 or valued_difference <> 0 or unvalued_difference <> 0 or income_kzt_difference <> 0
order by all;
