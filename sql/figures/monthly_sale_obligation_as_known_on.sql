-- One row per month, role, taxpayer, asset and share, by the filings received until a moment.
--
-- Class undecided: share, units to sell and smallest unit are empty.
create macro monthly_sale_obligation_as_known_on(known_on) as table
    with base as (
        select
            year,
            period,
            role,
            taxpayer_id,
            asset,
            share,
            is_undecided,
            arg_max(taxpayer_name, named_by) as taxpayer_name,
            max(named_by) as named_by,
            max(taxpayer_id_state) as taxpayer_id_state,
            sum(quantity)::decimal(38, 18) as base_quantity
        from internal.income_part_as_known_on(known_on)
        where share is not null or is_undecided
        group by year, period, role, taxpayer_id, asset, share, is_undecided
        having share is not null or sum(quantity) <> 0
    )

    select
        base.year,
        base.period,
        base.role,
        base.taxpayer_id,
        arg_max(base.taxpayer_name, base.named_by) over (partition by base.year, base.role, base.taxpayer_id)
            as taxpayer_name,
        base.asset,
        base.share,
        base.base_quantity,
        quantity_to_sell(base.base_quantity, base.share, smallest_unit.decimals) as quantity_to_sell,
        case when not base.is_undecided then smallest_unit.decimals end as decimals,
        base.taxpayer_id_state,
        case when base.is_undecided then 'undecided' else 'unbacked' end as asset_class,
        case
            when base.share is null then null
            when share_confirmation.confirmed_since <= internal.last_moment()::timestamptz then 'confirmed'
            else 'not_confirmed'
        end as share_state
    from base
    left join internal.smallest_unit
        on
            base.asset = smallest_unit.asset
            and last_day(base.period) between smallest_unit.valid_from and smallest_unit.valid_to
    left join internal.share_confirmation
        on
            base.role = share_confirmation.role
            and base.share = share_confirmation.share
            and base.year = share_confirmation.year;
