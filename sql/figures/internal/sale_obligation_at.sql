-- One row per year, role, taxpayer, asset and share, by the filings received until known_on, with the
-- prices, rates and examinations that counted on reported_on.
--
-- Class undecided: share, units to sell and smallest unit are empty.
create macro internal.sale_obligation_at(known_on, reported_on) as table
    with base as (
        select
            year,
            role,
            taxpayer_id,
            asset,
            share,
            is_undecided,
            arg_max(taxpayer_name, named_by) as taxpayer_name,
            max(named_by) as named_by,
            max(taxpayer_id_state) as taxpayer_id_state,
            sum(quantity)::decimal(38, 18) as base_quantity
        from internal.income_part_at(known_on, reported_on)
        where share is not null or is_undecided
        group by year, role, taxpayer_id, asset, share, is_undecided
        having share is not null or sum(quantity) <> 0
    )

    select
        base.year,
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
            when share_confirmation.confirmed_since <= reported_on::timestamptz then 'confirmed'
            else 'not_confirmed'
        end as share_state
    from base
    left join internal.smallest_unit
        on
            base.asset = smallest_unit.asset
            and make_date(base.year, 12, 31) between smallest_unit.valid_from and smallest_unit.valid_to
    left join internal.share_confirmation
        on
            base.role = share_confirmation.role
            and base.share = share_confirmation.share
            and base.year = share_confirmation.year;
